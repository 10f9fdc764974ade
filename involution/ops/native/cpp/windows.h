// Sums over the taps of a window.
#ifndef INVOLUTION_WINDOWS_H_
#define INVOLUTION_WINDOWS_H_

#include "channels.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// The taps of a window, the terms of a sum: how many, and from one to the next, in numbers.
struct Terms {
  int64_t rows, columns;
  int64_t kernel_row, kernel_column;
  int64_t value_row, value_column;
};

// Whether a window's numbers are loaded four at a time, for four groups, and then shuffled. With a
// load for each number, loads would be the limit; for two windows, shuffles: the second one's are
// loaded one by one.
template <int kGroups, class Real>
constexpr bool kInFours = kGroups % 4 == 0 && sizeof(Real) == sizeof(float);

// Adds the products of kRows rows of terms, for each of the windows kFirst to kEnd - 1 of those in
// `total`. Each row and window has sums of its own, so that one addition need not wait for the one
// before, and windows share the values that are loaded. From the kernel of a window to that of the
// next are `next` numbers. `part` says which lanes a vector has: Whole, or a Mask.
template <int kRows, int kFirst, int kEnd, int kGroups, int kWindows, int kVectors, class Real,
          class Part>
[[gnu::always_inline]] inline void add_terms(const Terms& taps, int64_t columns, int64_t next,
                                             const Real* value, const Real* kernel, Part part,
                                             Vector<Real> (*total)[kWindows][kVectors]) {
  constexpr int lanes = kLanes<Real>, per_group = kVectors / kGroups;
  for (int64_t j = 0; j < columns; ++j) {
    for (int i = 0; i < kRows; ++i) {
      const Real* factor = kernel + i * taps.kernel_row;
      Vector<Real> four = {};
      for (int v = 0; v < kVectors; ++v) {
        Vector<Real> values = load(value + i * taps.value_row + v * lanes, part);
        if constexpr (kEnd - kFirst > 1) hold<Real>(values);
        const int group = v / per_group;
        for (int w = kFirst; w < kEnd; ++w) {
          const Real* number = factor + w * next + group;
          if constexpr (kInFours<kGroups, Real>) {
            if (w == kFirst) {
              if (v % (4 * per_group) == 0) four = repeated(number);
              total[i][w][v] += one_of_four(four, group % 4) * values;
              continue;
            }
          }
          total[i][w][v] += *number * values;
        }
      }
    }
    value += taps.value_column;
    kernel += taps.kernel_column;
  }
}

// How two neighbouring windows overlap: columns of taps that the first holds alone, that both hold,
// and that the second holds alone; and from a number of the first one's kernel to that of the
// second for the same pixel.
struct Overlap {
  int64_t first, both, second;
  int64_t kernel;
};

// Adds up kRows rows of taps at a time, from row `row` on, for one window or two.
template <int kRows, int kGroups, int kWindows, int kVectors, class Real, class Part>
[[gnu::always_inline]] inline void add_rows(const Terms& taps, const Overlap& overlap,
                                            const Real* value, const Real* kernel, Part part,
                                            int64_t* row,
                                            Vector<Real> (*total)[kWindows][kVectors]) {
  for (; *row + kRows <= taps.rows; *row += kRows) {
    const Real* from = value + *row * taps.value_row;
    const Real* factor = kernel + *row * taps.kernel_row;
    if constexpr (kWindows == 1) {
      add_terms<kRows, 0, 1, kGroups>(taps, taps.columns, 0, from, factor, part, total);
    } else {
      const int64_t both = overlap.first, second = both + overlap.both;
      add_terms<kRows, 0, 1, kGroups>(taps, overlap.first, 0, from, factor, part, total);
      add_terms<kRows, 0, 2, kGroups>(taps, overlap.both, overlap.kernel,
                                      from + both * taps.value_column,
                                      factor + both * taps.kernel_column, part, total);
      add_terms<kRows, 1, 2, kGroups>(taps, overlap.second, overlap.kernel,
                                      from + second * taps.value_column,
                                      factor + second * taps.kernel_column, part, total);
    }
  }
}

// The sums of a window, or of two neighbours; `taps`, `value` and `kernel` are those of the first.
// Both forms add up in the same order.
template <int kGroups, int kWindows, int kVectors, class Real, class Part>
inline void sum_block(const Terms& taps, const Overlap& overlap, const Real* value,
                      const Real* kernel, Part part, Vector<Real> (*sums)[kVectors]) {
  constexpr int at_once = kVectors >= 4 ? 1 : 4 / kVectors;
  Vector<Real> total[at_once][kWindows][kVectors] = {};
  int64_t row = 0;
  add_rows<at_once, kGroups>(taps, overlap, value, kernel, part, &row, total);
  if constexpr (at_once > 1) add_rows<1, kGroups>(taps, overlap, value, kernel, part, &row, total);
  for (int w = 0; w < kWindows; ++w) {
    for (int v = 0; v < kVectors; ++v) {
      sums[w][v] = total[0][w][v];
      for (int other = 1; other < at_once; ++other) sums[w][v] += total[other][w][v];
    }
  }
}

// The sum of a window for a vector of several groups. Neighbouring taps have sums of their own, so
// that one addition need not wait for the one before. A function of its own, since what calls it
// has no register left.
template <class Real>
[[gnu::noinline]] Vector<Real> sum_mixed(const Terms& taps, const Real* value, const Real* kernel,
                                         const Mixed<Real>& vector) {
  const Mask<Real> mask(vector.lanes), groups(vector.groups);
  const Integers<Real> group = vector.group;
  const int64_t value_column = taps.value_column, kernel_column = taps.kernel_column;
  Vector<Real> even = {}, odd = {};
  for (int64_t i = 0; i < taps.rows; ++i) {
    const Real* from = value + i * taps.value_row;
    const Real* factor = kernel + i * taps.kernel_row + vector.first_group;
    int64_t left = taps.columns;
    for (; left >= 2; left -= 2) {
      even += permuted<Real>(load(factor, groups), group) * load(from, mask);
      odd += permuted<Real>(load(factor + kernel_column, groups), group) *
             load(from + value_column, mask);
      from += 2 * value_column;
      factor += 2 * kernel_column;
    }
    if (left) even += permuted<Real>(load(factor, groups), group) * load(from, mask);
  }
  return even + odd;
}

// Adds to the values in a row of taps what the windows kFirst to kEnd - 1 give: numbers of their
// kernels times the vectors `windows`.
template <int kFirst, int kEnd, int kGroups, int kWindows, int kVectors, class Real, class Part>
[[gnu::always_inline]] inline void spread_terms(const Terms& taps, int64_t columns, int64_t next,
                                                const Vector<Real> (*windows)[kVectors],
                                                const Real* kernel, Part part, Real* value) {
  constexpr int lanes = kLanes<Real>, per_group = kVectors / kGroups;
  for (int64_t j = 0; j < columns; ++j) {
    Vector<Real> four = {};
    for (int v = 0; v < kVectors; ++v) {
      Vector<Real> total = load(value + v * lanes, part);
      const int group = v / per_group;
      for (int w = kFirst; w < kEnd; ++w) {
        const Real* number = kernel + w * next + group;
        if constexpr (kInFours<kGroups, Real>) {
          if (w == kFirst) {
            if (v % (4 * per_group) == 0) four = repeated(number);
            total += one_of_four(four, group % 4) * windows[w][v];
            continue;
          }
        }
        total += *number * windows[w][v];
      }
      store(value + v * lanes, total, part);
    }
    value += taps.value_column;
    kernel += taps.kernel_column;
  }
}

// The same for all of a row of taps, of one window or two.
template <int kGroups, int kWindows, int kVectors, class Real, class Part>
[[gnu::always_inline]] inline void spread_row(const Terms& taps, const Overlap& overlap,
                                              const Vector<Real> (*windows)[kVectors],
                                              const Real* kernel, Part part, Real* value) {
  if constexpr (kWindows == 1) {
    spread_terms<0, 1, kGroups, kWindows, kVectors>(taps, taps.columns, 0, windows, kernel, part,
                                                    value);
  } else {
    const int64_t both = overlap.first, second = both + overlap.both;
    spread_terms<0, 1, kGroups, kWindows, kVectors>(taps, overlap.first, 0, windows, kernel, part,
                                                    value);
    spread_terms<0, 2, kGroups, kWindows, kVectors>(taps, overlap.both, overlap.kernel, windows,
                                                    kernel + both * taps.kernel_column, part,
                                                    value + both * taps.value_column);
    spread_terms<1, 2, kGroups, kWindows, kVectors>(taps, overlap.second, overlap.kernel, windows,
                                                    kernel + second * taps.kernel_column, part,
                                                    value + second * taps.value_column);
  }
}

// The reverse of sum_block: adds what the windows' vectors give to the values under their taps.
template <int kGroups, int kWindows, int kVectors, class Real, class Part>
inline void spread_block(const Terms& taps, const Overlap& overlap,
                         const Vector<Real> (*windows)[kVectors], const Real* kernel, Part part,
                         Real* value) {
  for (int64_t row = 0; row < taps.rows; ++row) {
    spread_row<kGroups, kWindows, kVectors>(taps, overlap, windows, kernel + row * taps.kernel_row,
                                            part, value + row * taps.value_row);
  }
}

// The reverse of sum_mixed.
template <class Real>
[[gnu::noinline]] void spread_mixed(const Terms& taps, const Mixed<Real>& vector,
                                    const Real* output, const Real* kernel, Real* value) {
  const Mask<Real> mask(vector.lanes), groups(vector.groups);
  const Integers<Real> group = vector.group;
  const int64_t columns = taps.columns;
  const int64_t value_column = taps.value_column, kernel_column = taps.kernel_column;
  const Vector<Real> window = load(output, mask);
  for (int64_t i = 0; i < taps.rows; ++i) {
    Real* to = value + i * taps.value_row;
    const Real* factor = kernel + i * taps.kernel_row + vector.first_group;
    for (int64_t j = 0; j < columns; ++j) {
      const Vector<Real> numbers = permuted<Real>(load(factor, groups), group);
      store(to, load(to, mask) + numbers * window, mask);
      to += value_column;
      factor += kernel_column;
    }
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_WINDOWS_H_
