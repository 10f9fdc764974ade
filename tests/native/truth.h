// The five functions as plain loops in double precision.
#ifndef INVOLUTION_TESTS_TRUTH_H_
#define INVOLUTION_TESTS_TRUTH_H_

#include <cmath>
#include <cstdint>
#include <vector>

#include "involution.h"

// A number, and the sum of the sizes of the terms that it was added up from: rounding is relative
// to this sum.
struct Sum {
  double value = 0;
  double size = 0;

  Sum() = default;
  explicit Sum(double number) : value(number), size(std::fabs(number)) {}
  Sum(double value, double size) : value(value), size(size) {}
  Sum operator*(const Sum& other) const { return {value * other.value, size * other.size}; }
  Sum& operator+=(const Sum& other) {
    value += other.value;
    size += other.size;
    return *this;
  }
};

using Sums = std::vector<Sum>;

inline int64_t windows_of(const InvolutionProblem& p) {
  return p.batch * p.rows.windows * p.columns.windows;
}
inline int64_t pixels_of(const InvolutionProblem& p) {
  return p.batch * p.rows.size * p.columns.size;
}
inline int64_t numbers_of(const InvolutionProblem& p) {
  return p.rows.taps * p.columns.taps * p.groups;
}

// Calls visit(input, kernel, output), places in the three tensors, for each product of the sums.
template <class Visit>
void for_products(const InvolutionProblem& p, const Visit& visit) {
  const InvolutionLine &rows = p.rows, &columns = p.columns;
  for (int64_t window = 0; window < windows_of(p); ++window) {
    const int64_t image = window / (rows.windows * columns.windows);
    const int64_t h = window / columns.windows % rows.windows, w = window % columns.windows;
    for (int64_t tap = 0; tap < rows.taps * columns.taps; ++tap) {
      const int64_t i = tap / columns.taps, j = tap % columns.taps;
      const int64_t y = h * rows.stride + i * rows.dilation - rows.before;
      const int64_t x = w * columns.stride + j * columns.dilation - columns.before;
      if (y < 0 || y >= rows.size || x < 0 || x >= columns.size) continue;
      const int64_t pixel = (image * rows.size + y) * columns.size + x;
      for (int64_t c = 0; c < p.channels; ++c) {
        visit(pixel * p.channels + c,
              window * numbers_of(p) + tap * p.groups + c / (p.channels / p.groups),
              window * p.channels + c);
      }
    }
  }
}

inline Sums true_outputs(const InvolutionProblem& p, const Sums& inputs, const Sums& kernels) {
  Sums outputs(windows_of(p) * p.channels);
  for_products(p, [&](int64_t i, int64_t k, int64_t o) { outputs[o] += inputs[i] * kernels[k]; });
  return outputs;
}

inline Sums true_inputs(const InvolutionProblem& p, const Sums& kernels, const Sums& outputs) {
  Sums inputs(pixels_of(p) * p.channels);
  for_products(p, [&](int64_t i, int64_t k, int64_t o) { inputs[i] += kernels[k] * outputs[o]; });
  return inputs;
}

inline Sums true_kernels(const InvolutionProblem& p, const Sums& inputs, const Sums& outputs) {
  Sums kernels(windows_of(p) * numbers_of(p));
  for_products(p, [&](int64_t i, int64_t k, int64_t o) { kernels[k] += inputs[i] * outputs[o]; });
  return kernels;
}

// features (windows, reduced) times weights (reduced, numbers) plus bias (numbers,).
inline Sums true_generated(int64_t reduced, const Sums& features, const Sums& weights,
                           const Sums& bias) {
  const int64_t numbers = int64_t(bias.size()), windows = int64_t(features.size()) / reduced;
  Sums kernels(windows * numbers);
  for (int64_t w = 0; w < windows; ++w) {
    for (int64_t n = 0; n < numbers; ++n) {
      Sum& kernel = kernels[w * numbers + n];
      kernel = bias[n];
      for (int64_t r = 0; r < reduced; ++r) {
        kernel += features[w * reduced + r] * weights[r * numbers + n];
      }
    }
  }
  return kernels;
}

struct GeneratorSums {
  Sums features, weights, bias;
};

// The gradients of the generator's tensors for the gradient of its kernels.
inline GeneratorSums true_generator(int64_t reduced, const Sums& features, const Sums& weights,
                                    int64_t numbers, const Sums& kernels) {
  GeneratorSums to = {Sums(features.size()), Sums(weights.size()), Sums(numbers)};
  for (int64_t w = 0; w < int64_t(features.size()) / reduced; ++w) {
    for (int64_t n = 0; n < numbers; ++n) {
      const Sum& kernel = kernels[w * numbers + n];
      to.bias[n] += kernel;
      for (int64_t r = 0; r < reduced; ++r) {
        to.features[w * reduced + r] += kernel * weights[r * numbers + n];
        to.weights[r * numbers + n] += kernel * features[w * reduced + r];
      }
    }
  }
  return to;
}

// The epilogue. A NaN stays.
inline void finish(Sums* outputs, const Sums& scale, const Sums& shift, bool relu) {
  for (size_t n = 0; n < outputs->size(); ++n) {
    Sum& output = (*outputs)[n];
    if (!scale.empty()) {
      output = output * scale[n % scale.size()];
      output += shift[n % shift.size()];
    }
    if (relu && output.value < 0) output = std::isinf(output.value) ? Sum() : Sum(0, output.size);
  }
}

#endif  // INVOLUTION_TESTS_TRUTH_H_
