// The gradients of the weights and the bias of a generator, which all windows add to.
#ifndef INVOLUTION_WEIGHTS_H_
#define INVOLUTION_WEIGHTS_H_

#include "memory.h"
#include "multiply.h"
#include "numbers.h"

namespace involution {
namespace INVOLUTION_TARGET {

// The gradients of weights and bias. Each part of the work, at least one, adds to a copy of its
// own; the copies are added up in the same order always.
template <class Real>
class WeightSums {
 public:
  WeightSums(int64_t reduced, int64_t stride, int64_t parts)
      : reduced_(reduced), stride_(stride), parts_(parts), sums_(parts * (reduced + 1) * stride) {}

  bool missing() const { return sums_.missing(); }
  void begin(int64_t part) const {
    for (int64_t n = 0; n < (reduced_ + 1) * stride_; ++n) weights(part)[n] = 0;
  }
  void add(int64_t part, int64_t count, const Real* features, const Real* kernels,
           int64_t numbers) const {
    multiply(reduced_, numbers, count, Left<Real>{features, 1, reduced_},
             Right<Real>{kernels, kPanel<Real>, stride_}, static_cast<const Real*>(nullptr),
             weights(part), stride_);
    Real* bias = weights(part) + reduced_ * stride_;
    for (int64_t window = 0; window < count; ++window, kernels += stride_) {
      for (int64_t n = 0; n < stride_; ++n) bias[n] += kernels[n];
    }
  }
  template <class Number>
  void finish(int64_t numbers, Number* to_weights, Number* to_bias,
              const Parallel& parallel) const {
    in_parallel(parallel, reduced_ + 1, [&](int64_t row, int64_t) {
      Number* to = row < reduced_ ? to_weights + row * numbers : to_bias;
      Real* sum = weights(0) + row * stride_;
      for (int64_t part = 1; part < parts_; ++part) {
        const Real* more = weights(part) + row * stride_;
        for (int64_t n = 0; n < numbers; ++n) sum[n] += more[n];
      }
      narrow(sum, numbers, to);
    });
  }

 private:
  Real* weights(int64_t part) const { return sums_.data() + part * (reduced_ + 1) * stride_; }

  const int64_t reduced_;
  const int64_t stride_;
  const int64_t parts_;
  Buffer<Real> sums_;
};

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_WEIGHTS_H_
