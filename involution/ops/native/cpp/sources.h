// Where the kernels of a tile come from: they are given, or generated.
#ifndef INVOLUTION_SOURCES_H_
#define INVOLUTION_SOURCES_H_

#include "geometry.h"
#include "kernels.h"
#include "memory.h"
#include "multiply.h"
#include "problem.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Kernels that are given: those of a tile are read where they are, or widened into scratch memory.
template <class Number, class Real = typename RealOf<Number>::type>
class GivenKernels {
 public:
  GivenKernels(const Geometry& geometry, const void* kernels, const Parallel& parallel)
      : kernels_(static_cast<const Number*>(kernels)),
        stride(geometry.numbers()),
        tile(tile_size<Real>(geometry.batch * geometry.windows(), stride, parallel)),
        copies_(kStoredAsSummed<Number> ? 0 : parallel.threads * tile * stride) {}

  bool missing() const { return copies_.missing(); }
  const Real* of(int64_t first, int64_t end, int64_t slot) const {
    if constexpr (kStoredAsSummed<Number>) {
      return kernels_ + first * stride;
    } else {
      Real* copy = copies_.data() + slot * tile * stride;
      widen(kernels_ + first * stride, (end - first) * stride, copy);
      return copy;
    }
  }

 private:
  const Number* kernels_;

 public:
  const int64_t stride;  // numbers from one window's kernel to the next
  const int64_t tile;    // windows

 private:
  Buffer<Real> copies_;
};

// Kernels that are generated: those of a tile are computed into scratch memory.
template <class Number, class Real = typename RealOf<Number>::type>
class GeneratedKernels {
 public:
  GeneratedKernels(const Geometry& geometry, const Generator& generator, const Parallel& parallel)
      : reduced_(generator.reduced),
        numbers_(geometry.numbers()),
        features_(generator.features, geometry.batch * geometry.windows() * reduced_, parallel),
        in_place_(kStoredAsSummed<Number> ? numbers_ / kPanel<Real> * kPanel<Real> : 0),
        weights_(static_cast<const Number*>(generator.weights)),
        packed_(reduced_, numbers_ - in_place_),
        stride(rounded_up(numbers_, kPanel<Real>)),
        tile(tile_size<Real>(geometry.batch * geometry.windows(), stride, parallel)),
        bias_(stride),
        kernels_(parallel.threads * tile * stride) {
    if (missing()) return;
    packed_.fill(weights_ + in_place_, numbers_, 1, parallel);
    widen(static_cast<const Number*>(generator.bias), numbers_, bias_.data());
    for (int64_t n = numbers_; n < stride; ++n) bias_.data()[n] = 0;
  }

  bool missing() const {
    return features_.missing() || packed_.missing() || bias_.missing() || kernels_.missing();
  }
  const Real* of(int64_t first, int64_t end, int64_t slot) const {
    Real* kernels = kernels_.data() + slot * tile * stride;
    const Left<Real> left = {features(first), reduced_, 1};
    if constexpr (kStoredAsSummed<Number>) {
      multiply(end - first, in_place_, reduced_, left,
               Right<Real>{weights_, kPanel<Real>, numbers_}, bias_.data(), kernels, stride);
    }
    multiply(end - first, numbers_ - in_place_, reduced_, left, packed_.right(),
             bias_.data() + in_place_, kernels + in_place_, stride);
    return kernels;
  }
  const Real* features(int64_t window) const { return features_.data() + window * reduced_; }

 private:
  const int64_t reduced_;
  const int64_t numbers_;
  Widened<Number> features_;
  const int64_t in_place_;  // numbers whose weights are read where they are: whole panels
  const Number* weights_;
  Packed<Real> packed_;  // the weights of the others

 public:
  const int64_t stride;
  const int64_t tile;

 private:
  Buffer<Real> bias_;
  Buffer<Real> kernels_;
};

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_SOURCES_H_
