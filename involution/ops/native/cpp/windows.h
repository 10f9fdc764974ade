// Sums over the taps of a window.
#ifndef INVOLUTION_WINDOWS_H_
#define INVOLUTION_WINDOWS_H_

#include "geometry.h"
#include "kernels.h"
#include "memory.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// The terms of a sum: how many, and from one to the next, in numbers.
struct Terms {
  int64_t rows, columns;
  int64_t kernel_row, kernel_column;
  int64_t value_row, value_column;
};

// A vector of channels that belong to several groups, or that the channels do not fill.
template <class Real>
struct Mixed {
  Integers<Real> group;  // of each lane, from the first one on
  int64_t first_group;
  int64_t groups;  // that are left from the first one on
  int64_t lanes;
};

// How the channels are divided into vectors. Where a group fills whole vectors, a number of its
// kernel is broadcast; otherwise the numbers of several groups are loaded and permuted.
template <class Real>
class Channels {
 public:
  Channels(int64_t channels, int64_t groups)
      : count(channels),
        groups(groups),
        width(channels / groups),
        whole(width % kLanes<Real> == 0),
        mixed_(whole ? 0 : vectors() * int64_t(sizeof(Mixed<Real>))) {
    if (whole || missing()) return;
    for (int64_t v = 0; v < vectors(); ++v) {
      const int64_t channel = v * kLanes<Real>, first = channel / width;
      Mixed<Real>& vector = mixed()[v];
      for (int lane = 0; lane < kLanes<Real>; ++lane) {
        vector.group[lane] = smaller((channel + lane) / width, groups - 1) - first;
      }
      vector.first_group = first;
      vector.groups = groups - first;
      vector.lanes = channels - channel;
    }
  }

  bool missing() const { return mixed_.missing(); }
  int64_t vectors() const { return (count + kLanes<Real> - 1) / kLanes<Real>; }
  Mixed<Real>* mixed() const { return (Mixed<Real>*)mixed_.data(); }

  const int64_t count;
  const int64_t groups;
  const int64_t width;  // channels of a group
  const bool whole;

 private:
  Buffer<char> mixed_;
};

template <int number>
struct Count {
  static constexpr int value = number;
};

// Calls visit(vectors, groups, channel, group) for blocks of whole vectors, as large as registers
// allow. The groups of a block have equally many vectors.
template <class Real, class Visit>
inline void for_whole_blocks(const Channels<Real>& channels, const Visit& visit) {
  constexpr int lanes = kLanes<Real>;
  const int64_t per_group = channels.width / lanes;
  int64_t group = 0;
  const auto blocks = [&](auto vectors, auto groups) {
    for (; group + groups.value <= channels.groups; group += groups.value) {
      visit(vectors, groups, group * channels.width, group);
    }
  };
  if (per_group == 1) {
    blocks(Count<8>(), Count<8>());
    blocks(Count<4>(), Count<4>());
    blocks(Count<2>(), Count<2>());
    blocks(Count<1>(), Count<1>());
  } else if (per_group == 2) {
    blocks(Count<8>(), Count<4>());
    blocks(Count<2>(), Count<1>());
  } else if (per_group == 4) {
    blocks(Count<8>(), Count<2>());
    blocks(Count<4>(), Count<1>());
  } else {
    for (; group < channels.groups; ++group) {
      int64_t vector = 0;
      const auto parts = [&](auto vectors) {
        for (; vector + vectors.value <= per_group; vector += vectors.value) {
          visit(vectors, Count<1>(), group * channels.width + vector * lanes, group);
        }
      };
      parts(Count<8>());
      parts(Count<4>());
      parts(Count<2>());
      parts(Count<1>());
    }
  }
}

// Adds the products of kTapRows rows of taps. Each row has sums of its own, so that one addition
// need not wait for the one before.
template <int kTapRows, int kVectors, int kGroups, class Real>
[[gnu::always_inline]] inline void add_tap_rows(const Terms& taps, const Real* value,
                                                const Real* kernel,
                                                Vector<Real> (*total)[kVectors]) {
  constexpr int lanes = kLanes<Real>, per_group = kVectors / kGroups;
  for (int64_t j = 0; j < taps.columns; ++j) {
    for (int i = 0; i < kTapRows; ++i) {
      const Real* from = value + i * taps.value_row;
      const Real* factor = kernel + i * taps.kernel_row;
      if constexpr (kGroups % 4 == 0 && sizeof(Real) == sizeof(float)) {
        // One load for four groups, and shuffles: with a load for each, loads would be the limit.
        for (int g = 0; g < kGroups; g += 4) {
          const Vector<Real> four = repeated(factor + g);
          for (int v = 0; v < 4 * per_group; ++v) {
            const int at = g * per_group + v;
            total[i][at] += one_of_four(four, v / per_group) * load(from + at * lanes);
          }
        }
      } else {
        for (int v = 0; v < kVectors; ++v) {
          total[i][v] += factor[v / per_group] * load(from + v * lanes);
        }
      }
    }
    value += taps.value_column;
    kernel += taps.kernel_column;
  }
}

template <int kVectors, int kGroups, class Real>
inline void sum_whole(const Terms& taps, const Real* value, const Real* kernel,
                      Vector<Real>* sums) {
  constexpr int at_once = kVectors >= 4 ? 1 : 4 / kVectors;
  Vector<Real> total[at_once][kVectors] = {};
  int64_t i = 0;
  for (; i + at_once <= taps.rows; i += at_once) {
    add_tap_rows<at_once, kVectors, kGroups>(taps, value + i * taps.value_row,
                                             kernel + i * taps.kernel_row, total);
  }
  for (; i < taps.rows; ++i) {
    add_tap_rows<1, kVectors, kGroups>(taps, value + i * taps.value_row,
                                       kernel + i * taps.kernel_row, total);
  }
  for (int v = 0; v < kVectors; ++v) {
    sums[v] = total[0][v];
    for (int part = 1; part < at_once; ++part) sums[v] += total[part][v];
  }
}

template <class Real>
inline Vector<Real> sum_mixed(const Terms& taps, const Real* value, const Real* kernel,
                              const Mixed<Real>& vector) {
  const Mask<Real> mask(vector.lanes), groups(vector.groups);
  Vector<Real> total = {};
  for (int64_t i = 0; i < taps.rows; ++i) {
    const Real* from = value + i * taps.value_row;
    const Real* factor = kernel + i * taps.kernel_row + vector.first_group;
    for (int64_t j = 0; j < taps.columns; ++j) {
      total += permuted<Real>(load(factor, groups), vector.group) * load(from, mask);
      from += taps.value_column;
      factor += taps.kernel_column;
    }
  }
  return total;
}

// Sums each row of terms by itself: calls finish(row, channel, sums, mask) for each vector of
// channels.
template <class Real, class Finish>
inline void sum_rows(const Channels<Real>& channels, const Terms& taps, const Real* value,
                     const Real* kernel, const Finish& finish) {
  constexpr int lanes = kLanes<Real>;
  if (channels.whole) {
    for_whole_blocks(channels, [&](auto vectors, auto groups, int64_t channel, int64_t group) {
      for (int64_t i = 0; i < taps.rows; ++i) {
        Vector<Real> sums[1][vectors.value] = {};
        add_tap_rows<1, vectors.value, groups.value>(taps, value + i * taps.value_row + channel,
                                                     kernel + i * taps.kernel_row + group, sums);
        for (int v = 0; v < vectors.value; ++v) finish(i, channel + v * lanes, sums[0][v], Whole());
      }
    });
    return;
  }
  const Terms row = {1, taps.columns, 0, taps.kernel_column, 0, taps.value_column};
  for (int64_t v = 0; v < channels.vectors(); ++v) {
    const Mixed<Real>& vector = channels.mixed()[v];
    for (int64_t i = 0; i < taps.rows; ++i) {
      finish(i, v * lanes,
             sum_mixed(row, value + i * taps.value_row + v * lanes, kernel + i * taps.kernel_row,
                       vector),
             Mask<Real>(vector.lanes));
    }
  }
}

// Sums values times numbers of kernels for all channels. Calls finish(channel, sums, mask) for each
// vector of channels. `value` and `kernel` point to the first term.
template <class Real, class Finish>
inline void sum_over_taps(const Channels<Real>& channels, const Terms& taps, const Real* value,
                          const Real* kernel, const Finish& finish) {
  constexpr int lanes = kLanes<Real>;
  if (channels.whole) {
    for_whole_blocks(channels, [&](auto vectors, auto groups, int64_t channel, int64_t group) {
      Vector<Real> sums[vectors.value];
      sum_whole<vectors.value, groups.value>(taps, value + channel, kernel + group, sums);
      for (int v = 0; v < vectors.value; ++v) finish(channel + v * lanes, sums[v], Whole());
    });
    return;
  }
  for (int64_t v = 0; v < channels.vectors(); ++v) {
    const Mixed<Real>& vector = channels.mixed()[v];
    finish(v * lanes, sum_mixed(taps, value + v * lanes, kernel, vector), Mask<Real>(vector.lanes));
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_WINDOWS_H_
