// Runs the kernels under sanitizers.
#include <cstdio>
#include <vector>

#include "kernels.h"

int main() {
  const involution::Sizes sizes{5, 6, 8, 3, 2};
  const std::vector<float> inputs(5 * 6 * 8, 1), kernels(5 * 6 * 3 * 3 * 2, 1);
  std::vector<float> outputs(5 * 6 * 8);
  const involution::Row sum_row = involution::best_row();
  for (int64_t row = 0; row < 5; ++row) {
    sum_row(sizes, row, inputs.data(), kernels.data() + row * 6 * 3 * 3 * 2,
            outputs.data() + row * 6 * 8);
  }
  std::printf("%g %g\n", outputs[0], outputs[7 * 8]);
  return outputs[0] == 4 && outputs[7 * 8] == 9 ? 0 : 1;
}
