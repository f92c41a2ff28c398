// Everything of a training step that is not a large matrix product; built by kernels.py for the machine at hand.
// Single-threaded: callers cut the rows. What changes the weights stands here, the rest in the headers.
#include "attention.h"
#include "rows.h"

extern "C" {
double sum_of_squares(const float *g, long n) {
  double total = 0;
  for (long i = 0; i < n; i += 4096) {
    const long end = i + 4096 < n ? i + 4096 : n;
    V part = {};
    long j = i;
    for (; j + W <= end; j += W) part += load(g + j) * load(g + j);
    total += sum(part);
    for (; j < end; j++) total += g[j] * g[j];
  }
  return total;
}

void add_to(float *a, const float *b, long n) {
  for (long i = 0; i < n; i++) a[i] += b[i];
}

// AdamW (Loshchilov and Hutter 2019) with gradients times `clip`; c1, c2: 1 - beta to the power of the step
void adamw(float *p, const float *g, float *m, float *v, long n, float clip, float rate, float b1, float b2, float epsilon, float decay, float c1, float c2) {
  const float step = rate / c1, r = 1.f / c2;
  for (long i = 0; i < n; i++) {
    float x = g[i] * clip;
    m[i] = b1 * m[i] + (1 - b1) * x;
    v[i] = b2 * v[i] + (1 - b2) * x * x;
    p[i] = p[i] * (1 - rate * decay) - step * m[i] / (std::sqrt(v[i] * r) + epsilon);
  }
}

// Muon's momentum, then its Nesterov update
void muon_in(const float *g, float *momentum, S *update, long n, float clip, float keep_) {
  for (long i = 0; i < n; i += W) {
    V x = load(g + i) * clip, m = (load(momentum + i) - x) * keep_ + x;
    store(momentum + i, m);
    store(update + i, (m - x) * keep_ + x);
  }
}

void muon_out(float *p, const S *update, long n, float keep_, float step) {
  for (long i = 0; i < n; i += W) store(p + i, load(p + i) * keep_ - load(update + i) * step);
}
}
