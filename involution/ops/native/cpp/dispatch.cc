// The choice of an instruction set, when the program runs.
#include <atomic>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__) || defined(_M_X64)
#include <cpuid.h>
#endif

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

#if defined(__x86_64__) || defined(_M_X64)
// Compilers do not all know this feature by name.
bool has_f16c() {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
}

bool has_avx2() {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
}

bool has_avx512() {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}
#endif

const Kernels& best() {
#if defined(__x86_64__) || defined(_M_X64)
  const char* wanted = std::getenv("INVOLUTION_INSTRUCTIONS");
  const auto is = [&](const Kernels& kernels) {
    return wanted != nullptr && std::strcmp(wanted, kernels.name) == 0;
  };
  __builtin_cpu_init();
  if (is(plain::kKernels) || !has_avx2()) return plain::kKernels;
  return is(avx2::kKernels) || !has_avx512() ? avx2::kKernels : avx512::kKernels;
#else
  return plain::kKernels;
#endif
}

}  // namespace

namespace {

std::atomic<int64_t> scratch{0};
std::atomic<int64_t> most_scratch{0};

}  // namespace

void count_scratch(int64_t bytes) {
  const int64_t now = scratch.fetch_add(bytes) + bytes;
  int64_t most = most_scratch.load();
  while (now > most && !most_scratch.compare_exchange_weak(most, now)) {
  }
}

int64_t peak_scratch() { return most_scratch.exchange(scratch.load()); }

const Kernels& kernels() {
  static const Kernels& chosen = best();
  return chosen;
}

}  // namespace involution
