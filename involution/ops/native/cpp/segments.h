// What is done with the windows of a segment.
#ifndef INVOLUTION_SEGMENTS_H_
#define INVOLUTION_SEGMENTS_H_

#include "bands.h"
#include "channels.h"
#include "geometry.h"
#include "problem.h"
#include "spans.h"
#include "vector.h"
#include "window_kernel.h"
#include "windows.h"

namespace involution {
namespace INVOLUTION_TARGET {

// A window: the pixel under the first of its taps in the image, the number of that tap in its
// kernel, and all of these taps.
template <class Pixel>
struct Window {
  Pixel* pixel;
  int64_t number;
  Terms taps;
};

// The windows of a segment, over pixels of which `pixels` points to number `origin` of the tensor.
template <class Real, class Pixel>
class SegmentWindows {
 public:
  SegmentWindows(const Problem<Real>& problem, const Segment& segment, Pixel* pixels,
                 int64_t origin = 0)
      : problem_(problem),
        row_(problem.rows()[segment.row]),
        pixels_(pixels),
        first_((segment.image * problem.geometry.rows.size + row_.pixel) *
                   problem.geometry.columns.size * problem.geometry.channels -
               origin) {}

  Window<Pixel> at(int64_t column) const {
    const Geometry& g = problem_.geometry;
    const Span span = problem_.columns()[column];
    const Terms taps = {row_.count,
                        span.count,
                        g.columns.taps * g.groups,
                        g.groups,
                        g.rows.dilation * g.columns.size * g.channels,
                        g.columns.dilation * g.channels};
    // Without a tap in the image, perhaps without a pixel, any place in memory does.
    const bool outside = row_.count == 0 || span.count == 0;
    return {outside ? problem_.zeros() : pixels_ + (first_ + span.pixel * g.channels),
            (row_.first * g.columns.taps + span.first) * g.groups, taps};
  }

  // How the windows `column` and `column + 1` overlap, whose kernels are `stride` numbers apart.
  // Without pixels that both hold, `both` is 0.
  Overlap overlap(int64_t column, int64_t stride) const {
    const Geometry& g = problem_.geometry;
    const Line& line = g.columns;
    const Span first = problem_.columns()[column], second = problem_.columns()[column + 1];
    if (line.stride % line.dilation != 0 || first.count == 0 || second.count == 0) return {};
    const int64_t alone = (second.pixel - first.pixel) / line.dilation;
    const int64_t both = larger(first.count - alone, 0);
    return {alone, both, second.count - both,
            stride + (second.first - first.first - alone) * g.groups};
  }

 private:
  const Problem<Real>& problem_;
  const Span row_;
  Pixel* pixels_;
  const int64_t first_;
};

// Calls visit(count, number, window, overlap) for each window of a segment, or for two neighbours
// that hold the same pixels: `count` of them, the first one being `window`, number `number` of the
// segment. From one window's kernel to the next are `stride` numbers.
template <class Real, class Pixel, class Visit>
inline void for_windows(const SegmentWindows<Real, Pixel>& windows, const Segment& segment,
                        int64_t stride, const Visit& visit) {
  int64_t column = segment.first;
  while (column < segment.end) {
    const Window<Pixel> window = windows.at(column);
    const int64_t number = column - segment.first;
    Overlap overlap = {};
    if (column + 1 < segment.end) overlap = windows.overlap(column, stride);
    if (overlap.both > 0) {
      visit(Count<2>(), number, window, overlap);
      column += 2;
    } else {
      visit(Count<1>(), number, window, overlap);
      ++column;
    }
  }
}

// Sums over the taps of each window. Calls finish(window, channel, sums, mask) for each vector of
// channels, where windows are counted from the segment's first. `kernels` points to the kernel of
// that one; from one kernel to the next are `stride` numbers.
template <class Real, class Finish>
inline void sum_windows(const Problem<Real>& problem, const Segment& segment, const Real* inputs,
                        const Real* kernels, int64_t stride, const Finish& finish) {
  const SegmentWindows<Real, const Real> windows(problem, segment, inputs);
  constexpr int64_t lanes = kLanes<Real>;
  const Channels<Real>& channels = problem.channels;
  if (channels.apart) {
    // Block by block, so that what neighbouring windows share of the pixels stays in the cache.
    for_blocks(channels, [&](auto vectors, auto groups, int64_t channel, int64_t group, auto part) {
      for_windows(windows, segment, stride,
                  [&](auto count, int64_t number, const auto& window, const Overlap& overlap) {
                    Vector<Real> sums[count.value][vectors.value];
                    sum_block<groups.value, count.value>(
                        window.taps, overlap, window.pixel + channel,
                        kernels + number * stride + window.number + group, part, sums);
                    for (int w = 0; w < count.value; ++w) {
                      for (int v = 0; v < vectors.value; ++v) {
                        finish(number + w, channel + v * lanes, sums[w][v], part);
                      }
                    }
                  });
    });
    return;
  }
  for (int64_t number = 0; number < segment.end - segment.first; ++number) {
    const auto window = windows.at(segment.first + number);
    for (int64_t v = 0; v < channels.vectors(); ++v) {
      const Mixed<Real>& vector = channels.mixed()[v];
      finish(number, v * lanes,
             sum_mixed(window.taps, window.pixel + v * lanes,
                       kernels + number * stride + window.number, vector),
             Mask<Real>(vector.lanes));
    }
  }
}

// Adds what a segment's windows give to the gradient of the inputs. `kernels` and `outputs` point
// to the kernel and the upstream gradient of the segment's first window.
template <class Real>
inline void add_to_inputs(const Problem<Real>& problem, const Segment& segment, const Real* kernels,
                          int64_t stride, const Real* outputs, const PixelRows<Real>& inputs) {
  const SegmentWindows<Real, Real> windows(problem, segment, inputs.data, inputs.first);
  constexpr int64_t lanes = kLanes<Real>;
  const Channels<Real>& channels = problem.channels;
  if (channels.apart) {
    for_blocks(channels, [&](auto vectors, auto groups, int64_t channel, int64_t group, auto part) {
      for_windows(windows, segment, stride,
                  [&](auto count, int64_t number, const auto& window, const Overlap& overlap) {
                    Vector<Real> given[count.value][vectors.value];
                    for (int w = 0; w < count.value; ++w) {
                      const Real* output = outputs + (number + w) * channels.count + channel;
                      for (int v = 0; v < vectors.value; ++v)
                        given[w][v] = load(output + v * lanes, part);
                    }
                    spread_block<groups.value, count.value, vectors.value>(
                        window.taps, overlap, given,
                        kernels + number * stride + window.number + group, part,
                        window.pixel + channel);
                  });
    });
    return;
  }
  for (int64_t number = 0; number < segment.end - segment.first; ++number) {
    const auto window = windows.at(segment.first + number);
    for (int64_t v = 0; v < channels.vectors(); ++v) {
      spread_mixed(window.taps, channels.mixed()[v], outputs + number * channels.count + v * lanes,
                   kernels + number * stride + window.number, window.pixel + v * lanes);
    }
  }
}

// Finds the pixels under all taps of a window whose first tap in the image is number `number` of
// the kernel. Outside the image, and for as many taps after the last as a vector has lanes, these
// are pixels of zeros. Returns whether all taps are in the image.
template <class Real>
inline bool pixels_of(const Problem<Real>& problem, const Real* first, int64_t number,
                      const Terms& inside, const Real** pixels) {
  const Geometry& g = problem.geometry;
  const int64_t taps = g.taps();
  for (int lane = 0; lane < kLanes<Real>; ++lane) pixels[taps + lane] = problem.zeros();
  if (inside.rows * inside.columns == taps) {
    for (int64_t tap = 0; tap < taps; ++tap) pixels[tap] = first + problem.offsets()[tap];
    return true;
  }
  for (int64_t tap = 0; tap < taps; ++tap) pixels[tap] = problem.zeros();
  for (int64_t i = 0; i < inside.rows; ++i) {
    const Real** row = pixels + number / g.groups + i * g.columns.taps;
    for (int64_t j = 0; j < inside.columns; ++j) {
      row[j] = first + i * inside.value_row + j * inside.value_column;
    }
  }
  return false;
}

// The gradients of the kernels of a segment's windows. finish(column) is called when one has been
// written to result(column). `pixels` has room for the taps of a window and a vector's lanes.
template <class Real, class Result, class Finish>
inline void kernel_gradients(const Problem<Real>& problem, const Segment& segment,
                             const Real* inputs, const Real* outputs, const Real** pixels,
                             const Result& result, const Finish& finish) {
  const Geometry& g = problem.geometry;
  const SegmentWindows<Real, const Real> windows(problem, segment, inputs);
  for (int64_t column = segment.first; column < segment.end; ++column) {
    const Window<const Real> window = windows.at(column);
    const bool whole = pixels_of(problem, window.pixel, window.number, window.taps, pixels);
    Real* kernel = result(column);
    window_kernel(problem.channels, pixels, g.taps(), outputs, kernel);
    outputs += g.channels;
    // Outside the image, zero times an infinite upstream gradient would be NaN.
    for (int64_t tap = 0; !whole && tap < g.taps(); ++tap) {
      if (pixels[tap] != problem.zeros()) continue;
      for (int64_t group = 0; group < g.groups; ++group) kernel[tap * g.groups + group] = 0;
    }
    finish(column);
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_SEGMENTS_H_
