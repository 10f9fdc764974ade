// The kernels as plain C functions.
#include "kernels.h"

INVOLUTION_EXPORT void involution_sum(int64_t batch, int64_t height, int64_t width,
                                      int64_t channels, int64_t kernel_size, int64_t groups,
                                      const float* inputs, const float* kernels, float* outputs) {
  const involution::Sizes sizes{height, width, channels, kernel_size, groups};
  const involution::Row sum_row = involution::best_row();
  for (int64_t row = 0; row < batch * height; ++row) {
    const int64_t image = row / height, position = row * width;
    sum_row(sizes, row % height, inputs + image * height * width * channels,
            kernels + position * kernel_size * kernel_size * groups, outputs + position * channels);
  }
}
