// The gradient of a window's kernel: for each tap and group a sum over the channels of the group.
#ifndef INVOLUTION_WINDOW_KERNEL_H_
#define INVOLUTION_WINDOW_KERNEL_H_

#include "vector.h"
#include "windows.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Sums of the lanes of as many vectors as one has lanes: lane n is the sum of vectors[n].
template <class Real, int kDistance = kLanes<Real> / 2>
[[gnu::always_inline]] inline Vector<Real> lane_sums(const Vector<Real>* vectors) {
  Vector<Real> halves[kDistance];
  for (int n = 0; n < kDistance; ++n) {
    halves[n] = halves_added<Real, kDistance>(vectors[n], vectors[n + kDistance]);
  }
  if constexpr (kDistance == 1) {
    return halves[0];
  } else {
    return lane_sums<Real, kDistance / 2>(halves);
  }
}

// As many numbers of a kernel's gradient as a vector has lanes: for kGroups groups, of kPerGroup
// vectors each, and as many taps as there is room for.
template <int kGroups, int kPerGroup, class Real>
[[gnu::always_inline]] inline Vector<Real> kernel_block(const Real* const* pixels,
                                                        const Real* outputs, int64_t channel) {
  constexpr int lanes = kLanes<Real>;
  Vector<Real> products[lanes];
  for (int n = 0; n < lanes; ++n) {
    const Real* pixel = pixels[n / kGroups] + channel;
    const Real* weights = outputs + channel;
    products[n] = Vector<Real>{};
    for (int v = 0; v < kPerGroup; ++v) {
      const int at = (n % kGroups * kPerGroup + v) * lanes;
      products[n] += load(pixel + at) * load(weights + at);
    }
  }
  return lane_sums<Real>(products);
}

// The gradient of the kernel of one window whose groups fill kPerGroup vectors each.
template <int kGroups, int kPerGroup, class Real>
inline void kernel_by_blocks(const Channels<Real>& channels, const Real* const* pixels,
                             int64_t taps, const Real* outputs, Real* kernel) {
  constexpr int64_t lanes = kLanes<Real>, taps_at_once = lanes / kGroups;
  const int64_t step = kGroups * kPerGroup * lanes;
  for (int64_t tap = 0; tap < taps; tap += taps_at_once) {
    const Mask<Real> mask((taps - tap) * kGroups);
    for (int64_t channel = 0; channel < channels.count; channel += step, kernel += lanes) {
      const Vector<Real> numbers = kernel_block<kGroups, kPerGroup>(pixels + tap, outputs, channel);
      if (mask.lanes == lanes) {
        store(kernel, numbers);
      } else {
        store(kernel, numbers, mask);
      }
    }
  }
}

// Chooses the number of groups in a block: all of them, or a vector's lanes. Returns whether there
// is such a block.
template <int kPerGroup, class Real, int kGroups = kLanes<Real>>
inline bool kernel_by_groups(const Channels<Real>& channels, const Real* const* pixels,
                             int64_t taps, const Real* outputs, Real* kernel) {
  const bool fits =
      kGroups == kLanes<Real> ? channels.groups % kGroups == 0 : channels.groups == kGroups;
  if (fits) {
    kernel_by_blocks<kGroups, kPerGroup>(channels, pixels, taps, outputs, kernel);
    return true;
  }
  if constexpr (kGroups > 1) {
    return kernel_by_groups<kPerGroup, Real, kGroups / 2>(channels, pixels, taps, outputs, kernel);
  } else {
    return false;
  }
}

// Lane slot * kWidth + n of a vector, at n * (lanes / kWidth) + slot.
template <int kWidth, class Real, int... kLane>
[[gnu::always_inline]] inline Vector<Real> grouped(Vector<Real> vector,
                                                   std::integer_sequence<int, kLane...>) {
  constexpr int slots = kLanes<Real> / kWidth;
  return __builtin_shufflevector(vector, vector, (kLane % slots * kWidth + kLane / slots)...);
}

// As many numbers of a kernel's gradient as a vector has lanes, for groups of kWidth channels, of
// which a vector holds several: from kVectors vectors of channels and as many taps as there is
// room for.
template <int kWidth, int kVectors, class Real>
[[gnu::always_inline]] inline Vector<Real> narrow_block(const Real* const* pixels,
                                                        const Real* outputs) {
  constexpr int lanes = kLanes<Real>;
  Vector<Real> products[kWidth];
  for (int n = 0; n < kWidth; ++n) {
    const int at = n % kVectors * lanes;
    products[n] = load(pixels[n / kVectors] + at) * load(outputs + at);
  }
  if constexpr (kWidth == 1) {
    return products[0];
  } else {
    // Lane slot * kWidth + n has the sum of the group `slot` of products[n].
    return grouped<kWidth, Real>(lane_sums<Real, kWidth / 2>(products),
                                 std::make_integer_sequence<int, lanes>());
  }
}

// The gradient of the kernel of one window whose groups have kWidth channels, from kVectors vectors
// at once: either all vectors of a pixel, or those of one tap alone.
template <int kWidth, int kVectors, class Real>
inline void kernel_by_narrow_blocks(const Channels<Real>& channels, const Real* const* pixels,
                                    int64_t taps, const Real* outputs, Real* kernel) {
  constexpr int64_t lanes = kLanes<Real>, taps_at_once = kWidth / kVectors;
  for (int64_t tap = 0; tap < taps; tap += taps_at_once) {
    const Mask<Real> mask((taps - tap) * channels.groups);
    for (int64_t at = 0; at < channels.count; at += kVectors * lanes, kernel += lanes) {
      const Real* from[taps_at_once];
      for (int64_t t = 0; t < taps_at_once; ++t) from[t] = pixels[tap + t] + at;
      const Vector<Real> numbers = narrow_block<kWidth, kVectors>(from, outputs + at);
      if (mask.lanes == lanes) {
        store(kernel, numbers);
      } else {
        store(kernel, numbers, mask);
      }
    }
  }
}

// Chooses the width of the groups, and of how many vectors a block is. Returns whether there is
// such a block.
template <class Real, int kWidth = kLanes<Real> / 2, int kVectors = kWidth>
inline bool kernel_of_narrow_groups(const Channels<Real>& channels, const Real* const* pixels,
                                    int64_t taps, const Real* outputs, Real* kernel) {
  const int64_t lanes = kLanes<Real>;
  if (channels.width == kWidth && channels.count % lanes == 0) {
    const int64_t vectors = channels.count / lanes;
    if (kVectors == kWidth ? vectors % kVectors == 0 : vectors == kVectors) {
      kernel_by_narrow_blocks<kWidth, kVectors>(channels, pixels, taps, outputs, kernel);
      return true;
    }
    if constexpr (kVectors > 1) {
      return kernel_of_narrow_groups<Real, kWidth, kVectors / 2>(channels, pixels, taps, outputs,
                                                                 kernel);
    }
    return false;
  }
  if constexpr (kWidth > 1 && kVectors == kWidth) {
    return kernel_of_narrow_groups<Real, kWidth / 2>(channels, pixels, taps, outputs, kernel);
  }
  return false;
}

// The sums of as many taps as a vector has lanes, over the channels `channel` to `end` - 1.
template <class Real>
[[gnu::always_inline]] inline Vector<Real> taps_block(const Real* const* pixels,
                                                      const Real* outputs, int64_t channel,
                                                      int64_t end) {
  constexpr int lanes = kLanes<Real>;
  Vector<Real> products[lanes] = {};
  const auto add = [&](auto part) {
    const Vector<Real> weights = load(outputs + channel, part);
    for (int n = 0; n < lanes; ++n) products[n] += load(pixels[n] + channel, part) * weights;
  };
  for (; channel + lanes <= end; channel += lanes) add(Whole());
  if (channel < end) add(Mask<Real>(end - channel));
  return lane_sums<Real>(products);
}

// The gradient of the kernel of one window, one group after the other.
template <class Real>
inline void kernel_by_taps(const Channels<Real>& channels, const Real* const* pixels, int64_t taps,
                           const Real* outputs, Real* kernel) {
  constexpr int64_t lanes = kLanes<Real>;
  for (int64_t tap = 0; tap < taps; tap += lanes) {
    const Mask<Real> mask(taps - tap);
    for (int64_t group = 0; group < channels.groups; ++group) {
      const int64_t channel = group * channels.width;
      const Vector<Real> numbers =
          taps_block(pixels + tap, outputs, channel, channel + channels.width);
      Real* to = kernel + tap * channels.groups + group;
      if (channels.groups == 1) {
        store(to, numbers, mask);
      } else {
        for (int64_t n = 0; n < mask.lanes; ++n) to[n * channels.groups] = numbers[n];
      }
    }
  }
}

// The gradient of the kernel of one window. `pixels` are the pixels under all of its taps; a tap
// outside the image has a pixel of zeros, and so have a vector's lanes of taps after the last.
template <class Real>
inline void window_kernel(const Channels<Real>& channels, const Real* const* pixels, int64_t taps,
                          const Real* outputs, Real* kernel) {
  const int64_t width = channels.width, lanes = kLanes<Real>;
  if (width == lanes && kernel_by_groups<1>(channels, pixels, taps, outputs, kernel)) return;
  if (width == 2 * lanes && kernel_by_groups<2>(channels, pixels, taps, outputs, kernel)) return;
  if (width == 4 * lanes && kernel_by_groups<4>(channels, pixels, taps, outputs, kernel)) return;
  if (width < lanes && kernel_of_narrow_groups(channels, pixels, taps, outputs, kernel)) return;
  // Narrower groups leave too many lanes empty.
  if (2 * width >= lanes) return kernel_by_taps(channels, pixels, taps, outputs, kernel);
  for (int64_t tap = 0; tap < taps; ++tap) {
    for (int64_t group = 0; group < channels.groups; ++group) {
      const Real* pixel = pixels[tap] + group * width;
      const Real* weights = outputs + group * width;
      Real sum = 0;
      for (int64_t c = 0; c < width; ++c) sum += pixel[c] * weights[c];
      *kernel++ = sum;
    }
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_WINDOW_KERNEL_H_
