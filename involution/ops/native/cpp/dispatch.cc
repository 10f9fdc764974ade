// Chooses a kernel by what the machine can run.
#include "kernels.h"

namespace involution {

Row best_row() {
#if defined(__x86_64__) || defined(_M_X64)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    return avx512::sum_row;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2::sum_row;
#endif
  return plain::sum_row;
}

}  // namespace involution
