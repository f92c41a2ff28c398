// Causal attention, heads of 64, blocks of 64 rows, forward and backward; T a multiple of 64. The way back computes
// the scores again from what the forward pass keeps of each row, the logarithm of its sum, as FlashAttention does
// (Dao et al. 2022, arXiv 2205.14135). q comes scaled. Arithmetic in f32 whatever is stored.
#pragma once
#include "lanes.h"

constexpr long D = 64;
constexpr long PAD = 16; // behind each row of scores, so that a column of them does not fall into two sets of the cache

// C (4, 64) (+)= A (4, K) x B (K, 64); A's element (m, k) lies at m * down + k * along, B's and C's rows at their strides
template <bool ADD>
static inline void product(const float *A, long down, long along, const float *B, long bs, float *C, long cs, long K) {
  for (long n = 0; n < D; n += 2 * W) {
    V a[4][2];
    for (int m = 0; m < 4; m++)
      for (int x = 0; x < 2; x++) a[m][x] = ADD ? load(C + m * cs + n + x * W) : V{};
    const float *b = B + n;
    for (long k = 0; k < K; k++, b += bs) {
      V b0 = load(b), b1 = load(b + W);
#pragma GCC unroll 4
      for (int m = 0; m < 4; m++) {
        V s = splat(A[m * down + k * along]);
        a[m][0] += s * b0;
        a[m][1] += s * b1;
      }
    }
    for (int m = 0; m < 4; m++)
      for (int x = 0; x < 2; x++) store(C + m * cs + n + x * W, a[m][x]);
  }
}

// Rows (n, 64) with a stride, as f32 one after another
static void pack(const S *from, long stride, float *to, long n) {
  for (long i = 0; i < n; i++)
    for (long j = 0; j < D; j += W) store(to + i * D + j, load(from + i * stride + j));
}

// The same transposed: for each block of 64 rows (64 dimensions, 64 rows)
static void pack_turned(const S *from, long stride, float *to, long n) {
  float line[D];
  for (long i = 0; i < n; i++) {
    for (long j = 0; j < D; j += W) store(line + j, load(from + i * stride + j));
    float *block = to + i / D * D * D + i % D;
    for (long j = 0; j < D; j++) block[j * D] = line[j];
  }
}

extern "C" {
// qkv (B T, 3 H 64), out (B T, H 64), logsum (B H T)
void attention(const S *qkv, S *out, float *logsum, long B, long T, long heads) {
  const long L = 3 * heads * D, LO = heads * D, R = T + PAD;
  float *kt = scratch.get(0, T * D), *v = scratch.get(1, T * D), *q = scratch.get(2, D * D), *s = scratch.get(3, D * R), *o = scratch.get(4, D * D);
  for (long b = 0; b < B; b++)
    for (long h = 0; h < heads; h++) {
      const S *from = qkv + b * T * L + h * D;
      pack_turned(from + heads * D, L, kt, T);
      pack(from + 2 * heads * D, L, v, T);
      for (long i = 0; i < T; i += D) {
        const long J = i + D;
        pack(from + i * L, L, q, D);
        for (long n = 0; n < J; n += D)
          for (long m = 0; m < D; m += 4) product<false>(q + m * D, D, 1, kt + n * D, D, s + m * R + n, R, D);
        float inverse[D];
        for (long m = 0; m < D; m++) {
          float *r = s + m * R;
          const long seen = i + m + 1;
          V most = splat(-1e30f), all = {};
          for (long j = 0; j < seen; j += W) most = greater(most, keep(load(r + j), seen - j, -1e30f));
          float top = largest(most);
          for (long j = 0; j < J; j += W) {
            V e = j < seen ? keep(exponential(load(r + j) - top), seen - j, 0) : V{};
            store(r + j, e);
            all += e;
          }
          float mass = sum(all);
          inverse[m] = 1.f / mass;
          logsum[(b * heads + h) * T + i + m] = top + std::log(mass);
        }
        for (long m = 0; m < D; m += 4) product<false>(s + m * R, R, 1, v, D, o + m * D, D, i + m + 4);
        for (long m = 0; m < D; m++)
          for (long j = 0; j < D; j += W) store(out + (b * T + i + m) * LO + h * D + j, load(o + m * D + j) * inverse[m]);
      }
    }
}

// dqkv gets the gradients of q, k and v from that of out
void attention_backward(const S *qkv, const S *out, const S *dout, const float *logsum, S *dqkv, long B, long T, long heads) {
  const long L = 3 * heads * D, LO = heads * D, R = T + PAD;
  float *kt = scratch.get(0, 2 * T * D), *vt = kt + T * D, *k = scratch.get(1, T * D), *q = scratch.get(2, 3 * D * D);
  float *p = scratch.get(3, D * R), *g = scratch.get(4, D * R), *dk = scratch.get(5, T * D), *dv = scratch.get(6, T * D);
  float *od = q + D * D, *dq = od + D * D;
  for (long b = 0; b < B; b++)
    for (long h = 0; h < heads; h++) {
      const S *from = qkv + b * T * L + h * D, *o = out + b * T * LO + h * D, *d = dout + b * T * LO + h * D;
      S *to = dqkv + b * T * L + h * D;
      pack_turned(from + heads * D, L, kt, T);
      pack_turned(from + 2 * heads * D, L, vt, T);
      pack(from + heads * D, L, k, T);
      for (long i = 0; i < T; i += D) {
        const long J = i + D;
        pack(from + i * L, L, q, D);
        pack(d + i * LO, LO, od, D);
        for (long n = 0; n < J; n += D)
          for (long m = 0; m < D; m += 4) {
            product<false>(q + m * D, D, 1, kt + n * D, D, p + m * R + n, R, D);
            product<false>(od + m * D, D, 1, vt + n * D, D, g + m * R + n, R, D);
          }
        for (long m = 0; m < D; m++) {
          float *pr = p + m * R, *gr = g + m * R;
          const long seen = i + m + 1;
          V inner = {};
          for (long j = 0; j < D; j += W) inner += load(o + (i + m) * LO + j) * load(od + m * D + j);
          const float mean = sum(inner), log = logsum[(b * heads + h) * T + i + m];
          for (long j = 0; j < J; j += W) {
            V e = j < seen ? keep(exponential(load(pr + j) - log), seen - j, 0) : V{};
            store(pr + j, e);
            store(gr + j, e * (load(gr + j) - mean));
          }
        }
        for (long m = 0; m < D; m += 4) product<false>(g + m * R, R, 1, k, D, dq + m * D, D, i + m + 4);
        for (long m = 0; m < D; m++)
          for (long j = 0; j < D; j += W) store(to + (i + m) * L + j, load(dq + m * D + j));
        for (long n = 0; n < J; n += 4) {
          if (n < i) {
            product<true>(p + n, 1, R, od, D, dv + n * D, D, D);
            product<true>(g + n, 1, R, q, D, dk + n * D, D, D);
          } else { // the first block of rows that sees these
            product<false>(p + n, 1, R, od, D, dv + n * D, D, D);
            product<false>(g + n, 1, R, q, D, dk + n * D, D, D);
          }
        }
      }
      for (long i = 0; i < T; i++)
        for (long j = 0; j < D; j += W) {
          store(to + i * L + heads * D + j, load(dk + i * D + j));
          store(to + i * L + 2 * heads * D + j, load(dv + i * D + j));
        }
    }
}
}
