// Vectors of the machine's own width by GCC's extensions, and the type in which activations are stored.
//
// STORE_BF16 chooses bf16 (rounded to nearest even), else f32. All arithmetic is in f32. No intrinsics but one:
// the conversion that AVX512-BF16 has in hardware.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
constexpr long W = 16;
#else
constexpr long W = 8;
#endif
typedef float V __attribute__((vector_size(W * 4), aligned(4)));
typedef int32_t I __attribute__((vector_size(W * 4), aligned(4)));
typedef uint32_t U __attribute__((vector_size(W * 4), aligned(4)));
typedef uint16_t H __attribute__((vector_size(W * 2), aligned(2)));

static inline V splat(float x) { return x - V{}; }
static inline V load(const float *p) { return *(const V *)p; }
static inline void store(float *p, V v) { *(V *)p = v; }

struct bf16 {
  uint16_t bits;
};
static inline V load(const bf16 *p) { return (V)(__builtin_convertvector(*(const H *)p, U) << 16); }
static inline void store(bf16 *p, V v) {
#if defined(__AVX512BF16__)
  _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh((__m512)v));
#else
  U u = (U)v;
  *(H *)p = __builtin_convertvector((u + 0x7fff + ((u >> 16) & 1)) >> 16, H);
#endif
}
static inline void store_one(float *p, float x) { *p = x; }
static inline void store_one(bf16 *p, float x) {
  uint32_t u;
  memcpy(&u, &x, 4);
  p->bits = (u + 0x7fff + ((u >> 16) & 1)) >> 16;
}
#ifdef STORE_BF16
typedef bf16 S;
#else
typedef float S;
#endif

static inline V lesser(V a, V b) { return a < b ? a : b; }
static inline V greater(V a, V b) { return a > b ? a : b; }
static inline float sum(V v) {
  float s = 0;
  for (int i = 0; i < W; i++) s += v[i];
  return s;
}
static inline float largest(V v) {
  float m = v[0];
  for (int i = 1; i < W; i++) m = v[i] > m ? v[i] : m;
  return m;
}
// Lanes of which the index is below n; W or more keeps all, 0 or less none.
static inline V keep(V v, long n, float other) {
  I lane;
  for (int i = 0; i < W; i++) lane[i] = i;
  return lane < (I{} + (int32_t)(n > W ? W : n < 0 ? 0 : n)) ? v : splat(other);
}

// exp, relative error 2e-7 in -87 to 88: 2 to the whole part by the exponent's bits, to the rest by its series.
static inline V exponential(V x) {
  V t = greater(x, splat(-87.f)) * 1.44269504f;
  I whole = __builtin_convertvector(t + (t < 0 ? splat(-.5f) : splat(.5f)), I);
  V f = t - __builtin_convertvector(whole, V);
  V p = f * 1.5403530e-4f + 1.3333558e-3f;
  p = p * f + 9.6181291e-3f;
  p = p * f + 5.5504109e-2f;
  p = p * f + .24022651f;
  p = p * f + .69314718f;
  p = p * f + 1.f;
  return p * (V)((whole + 127) << 23);
}

// The normal distribution's Phi(u), error under 2e-7 (Abramowitz and Stegun 7.1.26), and exp(-u^2 / 2) on the way.
static inline V phi(V u, V &density) {
  V a = (u < 0 ? -u : u) * .70710678f;
  V t = 1.f / (a * .3275911f + 1.f);
  density = exponential(u * u * -.5f);
  V p = t * 1.061405429f - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - .284496736f;
  p = p * t + .254829592f;
  V q = p * t * density * .5f; // half of erfc(|u| / sqrt 2)
  return u < 0 ? q : 1.f - q;
}

// Memory that a thread keeps from call to call.
struct Scratch {
  float *memory[8] = {};
  long size[8] = {};
  float *get(int slot, long n) {
    if (size[slot] < n) {
      free(memory[slot]);
      memory[slot] = (float *)aligned_alloc(4096, (n * 4 + 4095) / 4096 * 4096);
      size[slot] = n;
    }
    return memory[slot];
  }
};
static thread_local Scratch scratch;
