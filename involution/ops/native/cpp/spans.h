// Which taps of a window lie in the image.
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

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_SPANS_H_
