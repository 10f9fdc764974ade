// Products of small matrices, for the last convolution of a generator and its gradients.
#ifndef INVOLUTION_MULTIPLY_H_
#define INVOLUTION_MULTIPLY_H_

#include "memory.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Rows whose sums are held in registers, two vectors each; two more hold the factor on the right.
constexpr int kRows = kRegisters == 32 ? (kBytes == 64 ? 14 : 12) : 6;

template <class Real>
constexpr int64_t kPanel = 2 * kLanes<Real>;

// The left factor: number (row, step) is data[row * row_stride + step * step_stride].
template <class Real>
struct Left {
  const Real* data;
  int64_t row_stride;
  int64_t step_stride;
};

// The right factor in panels of kPanel columns: number (step, column) is
// data[column / kPanel * panel_stride + step * step_stride + column % kPanel].
template <class Real>
struct Right {
  const Real* data;
  int64_t panel_stride;
  int64_t step_stride;
};

// Adds the product of `rows` rows and one panel to `sums`, whose rows are `sums_stride` apart.
// Begins with `start` in each row instead, if it is given.
template <int kCount, int kVectors, class Real>
inline void multiply_block(const Left<Real>& left, const Real* right, int64_t step_stride,
                           int64_t steps, const Real* start, Real* sums, int64_t sums_stride) {
  constexpr int lanes = kLanes<Real>;
  Vector<Real> total[kCount][kVectors];
  for (int row = 0; row < kCount; ++row) {
    const Real* from = start ? start : sums + row * sums_stride;
    for (int v = 0; v < kVectors; ++v) total[row][v] = load(from + v * lanes);
  }
  const Real* factor = left.data;
  for (int64_t step = 0; step < steps; ++step) {
    Vector<Real> column[kVectors];
    for (int v = 0; v < kVectors; ++v) column[v] = load(right + v * lanes);
    for (int row = 0; row < kCount; ++row) {
      const Real number = factor[row * left.row_stride];  // broadcast by the product
      for (int v = 0; v < kVectors; ++v) total[row][v] += number * column[v];
    }
    factor += left.step_stride;
    right += step_stride;
  }
  for (int row = 0; row < kCount; ++row) {
    for (int v = 0; v < kVectors; ++v) store(sums + row * sums_stride + v * lanes, total[row][v]);
  }
}

// Calls multiply_block for a number of rows that is known when the program runs.
template <int kVectors, class Real, int kCount = kRows>
inline void multiply_rows(int64_t rows, const Left<Real>& left, const Real* right,
                          int64_t step_stride, int64_t steps, const Real* start, Real* sums,
                          int64_t sums_stride) {
  if constexpr (kCount > 0) {
    if (rows == kCount) {
      multiply_block<kCount, kVectors>(left, right, step_stride, steps, start, sums, sums_stride);
    } else {
      multiply_rows<kVectors, Real, kCount - 1>(rows, left, right, step_stride, steps, start, sums,
                                                sums_stride);
    }
  }
}

// Adds left * right to sums (rows, columns), or sets sums to start + left * right, where start
// (columns,) is given. Columns are counted in whole vectors; start and sums are padded to panels.
template <class Real>
inline void multiply(int64_t rows, int64_t columns, int64_t steps, const Left<Real>& left,
                     const Right<Real>& right, const Real* start, Real* sums, int64_t sums_stride) {
  const int64_t blocks = (rows + kRows - 1) / kRows;
  for (int64_t column = 0; column < columns; column += kPanel<Real>) {
    const Real* panel = right.data + column / kPanel<Real> * right.panel_stride;
    const bool whole = columns - column > kLanes<Real>;
    for (int64_t block = 0; block < blocks; ++block) {
      const int64_t first = block * rows / blocks, end = (block + 1) * rows / blocks;
      const Left<Real> part = {left.data + first * left.row_stride, left.row_stride,
                               left.step_stride};
      const Real* from = start ? start + column : nullptr;
      Real* to = sums + first * sums_stride + column;
      if (whole) {
        multiply_rows<2>(end - first, part, panel, right.step_stride, steps, from, to, sums_stride);
      } else {
        multiply_rows<1>(end - first, part, panel, right.step_stride, steps, from, to, sums_stride);
      }
    }
  }
}

// A right factor copied into panels, padded with zeros.
template <class Real>
class Packed {
 public:
  Packed(int64_t steps, int64_t columns)
      : steps_(steps), columns_(columns), panels_(rounded_up(columns, kPanel<Real>) * steps) {}

  bool missing() const { return panels_.missing(); }
  Right<Real> right() const { return {panels_.data(), steps_ * kPanel<Real>, kPanel<Real>}; }
  // Number (step, column) is from[step * step_stride + column * column_stride].
  template <class Number>
  void fill(const Number* from, int64_t step_stride, int64_t column_stride,
            const Parallel& parallel) const {
    in_parallel(parallel, rounded_up(columns_, kPanel<Real>) / kPanel<Real>,
                [&](int64_t panel, int64_t) {
                  const int64_t first = panel * kPanel<Real>;
                  const int64_t count = smaller(kPanel<Real>, columns_ - first);
                  Real* to = panels_.data() + panel * steps_ * kPanel<Real>;
                  for (int64_t step = 0; step < steps_; ++step, to += kPanel<Real>) {
                    const Number* row = from + step * step_stride + first * column_stride;
                    for (int64_t n = 0; n < count; ++n) to[n] = wide(row[n * column_stride]);
                    for (int64_t n = count; n < kPanel<Real>; ++n) to[n] = 0;
                  }
                });
  }

 private:
  int64_t steps_;
  int64_t columns_;
  Buffer<Real> panels_;
};

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_MULTIPLY_H_
