// What is done to rows of activations between the large products: embedding, normalisation, GELU, rotation, softmax.
// M tokens, C the width, F that of the feed-forward. The residual stream x and its gradient dx are f32.
#pragma once
#include "lanes.h"

extern "C" {
// x (M, C) = row of the token + sum of its G rows of conditions; G 0 for a model of tokens alone
void embed(const int64_t *token, const float *embedding, const int32_t *row, const float *conditions, float *x, long M, long G, long C) {
  for (long i = 0; i < M; i++) {
    float *to = x + i * C;
    memcpy(to, embedding + token[i] * C, C * 4);
    for (long g = 0; g < G; g++) {
      const float *from = conditions + row[i * G + g] * C;
      for (long j = 0; j < C; j += W) store(to + j, load(to + j) + load(from + j));
    }
  }
}

void embed_backward(const int64_t *token, const int32_t *row, const float *dx, float *dembedding, float *dconditions, long M, long G, long C) {
  for (long i = 0; i < M; i++) {
    const float *from = dx + i * C;
    float *to = dembedding + token[i] * C;
    for (long j = 0; j < C; j += W) store(to + j, load(to + j) + load(from + j));
    for (long g = 0; g < G; g++) {
      to = dconditions + row[i * G + g] * C;
      for (long j = 0; j < C; j += W) store(to + j, load(to + j) + load(from + j));
    }
  }
}

// x += y + bias (y, bias may be null); normal = (x - mean) * scale, scale = 1 / deviation, one a row
void add_norm(float *x, const S *y, const float *bias, S *normal, float *scale, long M, long C) {
  for (long i = 0; i < M; i++) {
    float *xi = x + i * C;
    V total = {}, square = {};
    for (long j = 0; j < C; j += W) {
      V v = load(xi + j);
      if (y) v += load(y + i * C + j);
      if (bias) v += load(bias + j);
      store(xi + j, v);
      total += v;
    }
    V mean = splat(sum(total) / C);
    for (long j = 0; j < C; j += W) {
      V v = load(xi + j) - mean;
      square += v * v;
    }
    scale[i] = 1.f / std::sqrt(sum(square) / C + 1e-5f);
    V s = splat(scale[i]);
    for (long j = 0; j < C; j += W) store(normal + i * C + j, (load(xi + j) - mean) * s);
  }
}

// dx (+)= scale * (d - mean(d) - normal * mean(d * normal)); stored = dx as S; dbias, if any, += sums of dx's columns
void norm_backward(const S *d, const S *normal, const float *scale, float *dx, S *stored, float *dbias, long M, long C, long first) {
  for (long i = 0; i < M; i++) {
    const S *di = d + i * C, *ni = normal + i * C;
    V total = {}, along = {};
    for (long j = 0; j < C; j += W) {
      V v = load(di + j);
      total += v;
      along += v * load(ni + j);
    }
    V mean = splat(sum(total) / C), slope = splat(sum(along) / C), s = splat(scale[i]);
    float *o = dx + i * C;
    for (long j = 0; j < C; j += W) {
      V v = (load(di + j) - mean - load(ni + j) * slope) * s;
      if (!first) v += load(o + j);
      store(o + j, v);
      store(stored + i * C + j, v);
      if (dbias) store(dbias + j, load(dbias + j) + v);
    }
  }
}

// u += bias, kept for the way back; g = gelu(u)
void bias_gelu(S *u, const float *bias, S *g, long M, long F) {
  for (long i = 0; i < M; i++)
    for (long j = 0; j < F; j += W) {
      V v = load(u + i * F + j) + load(bias + j), density;
      store(u + i * F + j, v);
      store(g + i * F + j, v * phi(v, density));
    }
}

// d: the gradient of g becomes that of u; dbias += sums of its columns
void gelu_backward(const S *u, S *d, float *dbias, long M, long F) {
  for (long i = 0; i < M; i++)
    for (long j = 0; j < F; j += W) {
      V v = load(u + i * F + j), density, p = phi(v, density);
      V r = load(d + i * F + j) * (v * density * .39894228f + p);
      store(d + i * F + j, r);
      store(dbias + j, load(dbias + j) + r);
    }
}

// Turns the first 32 dimensions of each head (64) of q and k in place; cosine, sine (T, 32), repeated in pairs; sign -1 turns back
void rotate(S *qkv, const float *cosine, const float *sine, long M, long T, long heads, float sign) {
  V sides;
  I other;
  for (int i = 0; i < W; i++) sides[i] = i % 2 ? sign : -sign, other[i] = i ^ 1;
  for (long i = 0; i < M; i++) {
    const float *c = cosine + i % T * 32, *s = sine + i % T * 32;
    for (long h = 0; h < 2 * heads; h++)
      for (long j = 0; j < 32; j += W) {
        S *p = qkv + i * 3 * heads * 64 + h * 64 + j;
        V v = load(p);
        store(p, v * load(c + j) + __builtin_shuffle(v, other) * sides * load(s + j));
      }
  }
}

// to (padded, C): the rows of `index` (n), zeros behind them
void gather_rows(const S *from, const int64_t *index, S *to, long n, long padded, long C) {
  for (long i = 0; i < n; i++) memcpy(to + i * C, from + index[i] * C, C * sizeof(S));
  memset((void *)(to + n * C), 0, (padded - n) * C * sizeof(S));
}

void scatter_rows(const S *from, const int64_t *index, S *to, long n, long C) {
  for (long i = 0; i < n; i++) memcpy((void *)(to + index[i] * C), from + i * C, C * sizeof(S));
}

// Logits (padded, width) become their gradients times `weight`; columns from `valid` and rows from n on count nothing.
// Returns the summed nats of the targets (n).
double cross_entropy(S *logits, const int64_t *target, long n, long padded, long width, long valid, float weight) {
  double total = 0;
  float *row = scratch.get(7, width + W);
  for (long i = 0; i < n; i++) {
    S *r = logits + i * width;
    V most = splat(-1e30f), all = {};
    for (long j = 0; j < width; j += W) {
      V v = keep(load(r + j), valid - j, -1e30f);
      store(row + j, v);
      most = greater(most, v);
    }
    float top = largest(most), wanted = row[target[i]];
    for (long j = 0; j < width; j += W) {
      V e = exponential(load(row + j) - top);
      store(row + j, e);
      all += e;
    }
    float mass = sum(all);
    total += std::log(mass) + top - wanted;
    float hit = (row[target[i]] / mass - 1.f) * weight;
    V share = splat(weight / mass);
    for (long j = 0; j < width; j += W) store(r + j, keep(load(row + j) * share, valid - j, 0));
    store_one(r + target[i], hit);
  }
  memset((void *)(logits + n * width), 0, (padded - n) * width * sizeof(S));
  return total;
}

// copy (R, C) = w * scale * (1 + gamma) as S; gamma may be null
void weight_in(const float *w, const float *gamma, S *copy, long R, long C, float scale) {
  for (long i = 0; i < R; i++)
    for (long j = 0; j < C; j += W) {
      V v = load(w + i * C + j) * scale;
      if (gamma) v *= load(gamma + j) + 1.f;
      store(copy + i * C + j, v);
    }
}

// The way back: dw += d * scale * (1 + gamma), dgamma += sums of the columns of d * scale * w
void weight_out(const S *d, const float *w, const float *gamma, float *dw, float *dgamma, long R, long C, float scale) {
  for (long i = 0; i < R; i++)
    for (long j = 0; j < C; j += W) {
      V v = load(d + i * C + j) * scale;
      if (gamma) {
        store(dgamma + j, load(dgamma + j) + v * load(w + i * C + j));
        v *= load(gamma + j) + 1.f;
      }
      store(dw + i * C + j, load(dw + i * C + j) + v);
    }
}
}
