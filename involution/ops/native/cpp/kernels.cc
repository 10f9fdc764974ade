// Compiled once for each instruction set, in a namespace of its name.
#include "kernels.h"

namespace involution::INVOLUTION_TARGET {

void sum_row(const Sizes& sizes, int64_t row, const float* inputs, const float* kernels,
             float* outputs) {
  const int64_t border = sizes.kernel_size / 2, width = sizes.channels / sizes.groups;
  for (int64_t column = 0; column < sizes.width; ++column) {
    float* output = outputs + column * sizes.channels;
    for (int64_t c = 0; c < sizes.channels; ++c) output[c] = 0;
    for (int64_t i = 0; i < sizes.kernel_size; ++i) {
      const int64_t y = row + i - border;
      for (int64_t j = 0; j < sizes.kernel_size; ++j) {
        const int64_t x = column + j - border;
        const float* kernel = kernels;
        kernels += sizes.groups;
        if (y < 0 || y >= sizes.height || x < 0 || x >= sizes.width) continue;
        const float* input = inputs + (y * sizes.width + x) * sizes.channels;
        for (int64_t g = 0; g < sizes.groups; ++g) {
          for (int64_t c = g * width; c < (g + 1) * width; ++c) output[c] += kernel[g] * input[c];
        }
      }
    }
  }
}

}  // namespace involution::INVOLUTION_TARGET
