// Scratch memory, and loops over several threads.
#ifndef INVOLUTION_MEMORY_H_
#define INVOLUTION_MEMORY_H_

#include <cstdint>
#include <cstdlib>

#include "kernels.h"
#include "numbers.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Runs body(index, slot) for each index below count.
template <class Body>
inline void in_parallel(const Parallel& parallel, int64_t count, const Body& body) {
  if (count <= 0) return;
  parallel.run(
      parallel.pool, count,
      [](void* argument, int64_t index, int64_t slot) {
        (*static_cast<const Body*>(argument))(index, slot);
      },
      const_cast<Body*>(&body));
}

// Memory for `count` numbers, aligned to a cache line. A count of 0 takes none.
template <class Real>
class Buffer {
 public:
  explicit Buffer(int64_t count) : memory_(nullptr), count_(count) {
    if (count <= 0) return;
    memory_ = std::malloc(count * sizeof(Real) + kLine);
    count_scratch(count * int64_t(sizeof(Real)));
  }
  ~Buffer() {
    std::free(memory_);
    if (count_ > 0) count_scratch(-count_ * int64_t(sizeof(Real)));
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  bool missing() const { return count_ > 0 && memory_ == nullptr; }
  Real* data() const { return (Real*)(((uintptr_t)memory_ + kLine - 1) / kLine * kLine); }

 private:
  static constexpr int64_t kLine = 64;
  void* memory_;
  int64_t count_;
};

// A tensor in the type that sums are taken in: the tensor itself, or a copy.
template <class Number, class Real = typename RealOf<Number>::type>
class Widened {
 public:
  Widened(const void* tensor, int64_t count, const Parallel& parallel)
      : tensor_(static_cast<const Number*>(tensor)), copy_(kStoredAsSummed<Number> ? 0 : count) {
    if (kStoredAsSummed<Number> || copy_.missing()) return;
    in_parallel(parallel, (count + kPart - 1) / kPart, [&](int64_t part, int64_t) {
      const int64_t first = part * kPart;
      widen(tensor_ + first, smaller(kPart, count - first), copy_.data() + first);
    });
  }

  bool missing() const { return copy_.missing(); }
  const Real* data() const {
    if constexpr (kStoredAsSummed<Number>) {
      return tensor_;
    } else {
      return copy_.data();
    }
  }

 private:
  static constexpr int64_t kPart = 1 << 14;
  const Number* tensor_;
  Buffer<Real> copy_;
};

// A result in the type that sums are taken in: the tensor itself, or memory to be narrowed into it.
template <class Number, class Real = typename RealOf<Number>::type>
class Narrowed {
 public:
  Narrowed(void* tensor, int64_t count)
      : tensor_(static_cast<Number*>(tensor)),
        count_(count),
        sums_(kStoredAsSummed<Number> ? 0 : count) {}

  bool missing() const { return sums_.missing(); }
  Real* data() const {
    if constexpr (kStoredAsSummed<Number>) {
      return tensor_;
    } else {
      return sums_.data();
    }
  }
  void finish(const Parallel& parallel) const {
    if constexpr (!kStoredAsSummed<Number>) {
      in_parallel(parallel, (count_ + kPart - 1) / kPart, [&](int64_t part, int64_t) {
        const int64_t first = part * kPart;
        narrow(sums_.data() + first, smaller(kPart, count_ - first), tensor_ + first);
      });
    }
  }

 private:
  static constexpr int64_t kPart = 1 << 14;
  Number* tensor_;
  int64_t count_;
  Buffer<Real> sums_;
};

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_MEMORY_H_
