// The kernels, declared once for each instruction set they are compiled for.
#pragma once

#include <cstdint>

// A function is exported only with this: everything else is hidden.
#if defined(_WIN32)
#define INVOLUTION_EXPORT extern "C" __declspec(dllexport)
#else
#define INVOLUTION_EXPORT extern "C" __attribute__((visibility("default")))
#endif

namespace involution {

struct Sizes {
  int64_t height, width, channels, kernel_size, groups;
};

// Computes one row of outputs of "same" padding and stride 1; inputs is the whole image.
using Row = void (*)(const Sizes& sizes, int64_t row, const float* inputs, const float* kernels,
                     float* outputs);

#define INVOLUTION_DECLARE(target)                                                         \
  namespace target {                                                                       \
  void sum_row(const Sizes& sizes, int64_t row, const float* inputs, const float* kernels, \
               float* outputs);                                                            \
  }

INVOLUTION_DECLARE(plain)
INVOLUTION_DECLARE(avx2)
INVOLUTION_DECLARE(avx512)

// The fastest kernel that this machine runs.
Row best_row();

}  // namespace involution
