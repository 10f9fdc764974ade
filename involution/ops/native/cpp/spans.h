// Which taps of a window lie in the image, and which windows hold a pixel.
#ifndef INVOLUTION_SPANS_H_
#define INVOLUTION_SPANS_H_

#include <cstdint>

#include "geometry.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// The taps of one window that lie in the image.
struct Span {
  int64_t first;  // tap; 0 if there is none
  int64_t count;  // of taps; 0 if the window lies outside
  int64_t pixel;  // pixel under the first of them; 0 if there is none
};

inline Span span_of(const Line& line, int64_t window) {
  const int64_t start = window * line.stride - line.before;
  const int64_t first = start >= 0 ? 0 : (-start + line.dilation - 1) / line.dilation;
  const int64_t last = line.size - 1 - start < 0 ? -1 : (line.size - 1 - start) / line.dilation;
  const int64_t end = last + 1 < line.taps ? last + 1 : line.taps;
  if (end <= first) return {0, 0, 0};
  return {first, end - first, start + first * line.dilation};
}

// The windows that hold a pixel, among some: taps `tap`, `tap + tap_step`, ... of the windows
// `window`, `window - window_step`, ...
struct Holders {
  int64_t tap, window, count;
};

// The steps of Holders.
struct Steps {
  int64_t tap, window;
};

inline Steps steps_of(const Line& line) {
  int64_t a = line.stride, b = line.dilation;  // the greatest common divisor
  while (b != 0) {
    const int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return {line.stride / a, line.dilation / a};
}

// Windows first to end - 1 are considered, at least one.
inline Holders holders_of(const Line& line, const Steps& steps, int64_t pixel, int64_t first,
                          int64_t end) {
  // Tap t of window w is at pixel w * stride + t * dilation - before.
  const int64_t from_first = pixel + line.before - first * line.stride;
  const int64_t from_last = pixel + line.before - (end - 1) * line.stride;
  if (from_first < 0) return {0, 0, 0};
  if (line.stride == 1 && line.dilation == 1) {  // without the divisions
    const int64_t tap = from_last > 0 ? from_last : 0;
    const int64_t last = from_first < line.taps ? from_first : line.taps - 1;
    return {tap, first + from_first - tap, last < tap ? 0 : last - tap + 1};
  }
  int64_t tap = from_last > 0 ? (from_last + line.dilation - 1) / line.dilation : 0;
  int64_t last = from_first / line.dilation;
  if (last >= line.taps) last = line.taps - 1;
  while (tap <= last && (from_first - tap * line.dilation) % line.stride != 0) ++tap;
  if (tap > last) return {0, 0, 0};
  return {tap, first + (from_first - tap * line.dilation) / line.stride,
          (last - tap) / steps.tap + 1};
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_SPANS_H_
