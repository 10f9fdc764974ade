// The choice of an instruction set, when the program runs.
#include <cstdlib>
#include <cstring>

#include "kernels.h"

namespace involution {

#if defined(__x86_64__) || defined(_M_X64)
namespace avx512 {
extern const Kernels kKernels;
}
namespace avx2 {
extern const Kernels kKernels;
}
#endif
namespace plain {
extern const Kernels kKernels;
}

namespace {

const Kernels& best() {
  const char* wanted = std::getenv("INVOLUTION_INSTRUCTIONS");
  const auto allowed = [&](const Kernels& kernels) {
    return wanted == nullptr || *wanted == '\0' || std::strcmp(wanted, kernels.name) == 0;
  };
#if defined(__x86_64__) || defined(_M_X64)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      allowed(avx512::kKernels)) {
    return avx512::kKernels;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c") && (allowed(avx2::kKernels) || allowed(avx512::kKernels))) {
    return avx2::kKernels;
  }
#endif
  (void)allowed;
  return plain::kKernels;
}

}  // namespace

const Kernels& kernels() {
  static const Kernels& chosen = best();
  return chosen;
}

}  // namespace involution
