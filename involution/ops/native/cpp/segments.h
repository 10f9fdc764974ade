// What is done with the windows of a segment.
#ifndef INVOLUTION_SEGMENTS_H_
#define INVOLUTION_SEGMENTS_H_

#include "bands.h"
#include "geometry.h"
#include "problem.h"
#include "spans.h"
#include "vector.h"
#include "window_kernel.h"
#include "windows.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Calls visit(column, pixel, kernel number, taps) for each window of a segment: the pixel under the
// first of its taps in the image, the number of that tap, and all of them.
template <class Real, class Visit>
inline void for_windows(const Problem<Real>& problem, const Segment& segment, const Real* inputs,
                        const Visit& visit) {
  const Geometry& g = problem.geometry;
  const Span row = problem.rows()[segment.row];
  Terms taps = {row.count,
                0,
                g.columns.taps * g.groups,
                g.groups,
                g.rows.dilation * g.columns.size * g.channels,
                g.columns.dilation * g.channels};
  const int64_t pixel = (segment.image * g.rows.size + row.pixel) * g.columns.size;
  const int64_t number = row.first * g.columns.taps;
  for (int64_t column = segment.first; column < segment.end; ++column) {
    const Span span = problem.columns()[column];
    taps.columns = span.count;
    // Without a tap in the image, perhaps without a pixel, any place in memory does.
    const bool outside = row.count == 0 || span.count == 0;
    visit(column, outside ? problem.zeros() : inputs + (pixel + span.pixel) * g.channels,
          (number + span.first) * g.groups, taps);
  }
}

// Adds what a segment's windows give to the gradient of the inputs. `kernels` points to the kernel
// of the segment's first window.
template <class Real>
inline void add_to_inputs(const Problem<Real>& problem, const Segment& segment, const Real* kernels,
                          int64_t stride, const Real* outputs, const PixelRows<Real>& inputs) {
  const Geometry& g = problem.geometry;
  const Line& line = g.columns;
  const Steps steps = steps_of(line);
  const Span row = problem.rows()[segment.row];
  if (row.count == 0) return;
  Terms taps = {row.count,
                0,
                line.taps * g.groups,
                steps.tap * g.groups - steps.window * stride,
                0,
                -steps.window * g.channels};
  const int64_t next_row = g.rows.dilation * line.size * g.channels;
  const int64_t first = larger(segment.first * line.stride - line.before, 0);
  const int64_t last =
      smaller((segment.end - 1) * line.stride - line.before + (line.taps - 1) * line.dilation,
              line.size - 1);
  for (int64_t column = first; column <= last; ++column) {
    // A pixel gets one sum for each row of taps: over the windows of the segment that hold it.
    const Holders holders = holders_of(line, steps, column, segment.first, segment.end);
    if (holders.count == 0) continue;
    taps.columns = holders.count;
    const int64_t window = holders.window - segment.first;
    const Real* kernel =
        kernels + window * stride + (row.first * line.taps + holders.tap) * g.groups;
    const Real* value = outputs + window * g.channels;
    const int64_t pixel = (segment.image * g.rows.size + row.pixel) * line.size + column;
    Real* to = inputs.data + (pixel * g.channels - inputs.first);
    sum_rows(problem.channels, taps, value, kernel,
             [&](int64_t i, int64_t channel, Vector<Real> sum, auto mask) {
               Real* at = to + i * next_row + channel;
               store(at, load(at, mask) + sum, mask);
             });
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
  for_windows(problem, segment, inputs,
              [&](int64_t column, const Real* pixel, int64_t number, const Terms& inside) {
                const bool whole = pixels_of(problem, pixel, number, inside, pixels);
                Real* kernel = result(column);
                window_kernel(problem.channels, pixels, g.taps(), outputs, kernel);
                outputs += g.channels;
                // Outside the image, zero times an infinite upstream gradient would be NaN.
                for (int64_t tap = 0; !whole && tap < g.taps(); ++tap) {
                  if (pixels[tap] != problem.zeros()) continue;
                  for (int64_t group = 0; group < g.groups; ++group)
                    kernel[tap * g.groups + group] = 0;
                }
                finish(column);
              });
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_SEGMENTS_H_
