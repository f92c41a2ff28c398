/**
 * The arithmetic of an x-transformers decoder in plain float64 loops: slow, obvious, and what every
 * faster decoder is compared with. Stated in testdata/README.md, which is checked against PyTorch.
 */

const EPSILON = 1e-5;

/** `(x - mean) / sqrt(variance + 1e-5) * (1 + gamma)` over a row, biased variance. */
export function layerNorm(x: Float64Array, gamma: Float32Array): Float64Array {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const scale = 1 / Math.sqrt(variance + EPSILON);
  return x.map((value, i) => (value - mean) * scale * (1 + gamma[i]));
}

/** `weight x + bias`; `weight` is (out, in), rows first. */
export function linear(weight: Float32Array, x: Float64Array, bias?: Float32Array): Float64Array {
  const inputs = x.length;
  const y = new Float64Array(weight.length / inputs);
  for (let row = 0; row < y.length; row++) {
    let sum = bias ? bias[row] : 0;
    for (let i = 0; i < inputs; i++) sum += weight[row * inputs + i] * x[i];
    y[row] = sum;
  }
  return y;
}

/** Exact GELU, `x (1 + erf(x / sqrt 2)) / 2`. */
export function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x / Math.SQRT2));
}

/**
 * The error function to 1e-15, by `2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!`, whose terms
 * all have one sign (Abramowitz and Stegun, 7.1.6).
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Rotates the first pairs of one head, (2i, 2i+1) by `position * frequencies[i]`; a new array. */
export function rotate(
  head: Float64Array,
  position: number,
  frequencies: Float32Array,
): Float64Array {
  const turned = head.slice();
  frequencies.forEach((frequency, i) => {
    const cos = Math.cos(position * frequency);
    const sin = Math.sin(position * frequency);
    turned[2 * i] = head[2 * i] * cos - head[2 * i + 1] * sin;
    turned[2 * i + 1] = head[2 * i + 1] * cos + head[2 * i] * sin;
  });
  return turned;
}

/** `softmax(q k^T / sqrt(D)) v` of one head; `keys` and `values` hold what the query sees. */
export function attend(
  query: Float64Array,
  keys: readonly Float64Array[],
  values: readonly Float64Array[],
): Float64Array {
  const scale = 1 / Math.sqrt(query.length);
  const scores = keys.map((key) => scale * key.reduce((sum, k, i) => sum + k * query[i], 0));
  const highest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const out = new Float64Array(query.length);
  values.forEach((value, j) => {
    for (let i = 0; i < out.length; i++) out[i] += (weights[j] / total) * value[i];
  });
  return out;
}
