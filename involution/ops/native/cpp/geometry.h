// The geometry of windows: which taps of a window lie in the image.
#ifndef INVOLUTION_GEOMETRY_H_
#define INVOLUTION_GEOMETRY_H_

#include <cstdint>

namespace involution {

// One dimension of a problem, vertical or horizontal.
struct Line {
  int64_t size;      // pixels of the image
  int64_t windows;   // output positions
  int64_t taps;      // of a window
  int64_t stride;    // pixels from one window to the next
  int64_t dilation;  // pixels from one tap to the next
  int64_t before;    // zeros before the first pixel
};

// Products of two sizes up to this can be added without overflow.
constexpr int64_t kLargestSize = int64_t(1) << 30;

inline bool is_size(int64_t number, int64_t least) {
  return number >= least && number <= kLargestSize;
}

inline bool is_valid(const Line& line) {
  return is_size(line.size, 0) && is_size(line.windows, 0) && is_size(line.taps, 1) &&
         is_size(line.stride, 1) && is_size(line.dilation, 1) && line.before >= 0 &&
         line.before <= kLargestSize * kLargestSize;
}

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

// The sizes of a problem. Tensors are dense and row-major: inputs (batch, height, width, channels),
// outputs (batch, out_height, out_width, channels), kernels (batch, out_height, out_width,
// kernel_height, kernel_width, groups). Channel c belongs to group c / (channels / groups).
struct Geometry {
  int64_t batch;
  int64_t channels;
  int64_t groups;
  Line rows;
  Line columns;

  int64_t windows() const { return rows.windows * columns.windows; }  // of one image
  int64_t pixels() const { return rows.size * columns.size; }         // of one image
  int64_t taps() const { return rows.taps * columns.taps; }
  int64_t numbers() const { return taps() * groups; }  // of the kernel of one window
};

// Returns whether the sizes fit together, and the way from a window's first tap to its last can be
// counted in numbers.
inline bool is_valid(const Geometry& g) {
  if (g.batch < 0 || g.channels < 1 || g.groups < 1 || g.channels % g.groups != 0 ||
      !is_valid(g.rows) || !is_valid(g.columns)) {
    return false;
  }
  const double rows = double(g.rows.taps) * double(g.rows.dilation) * double(g.columns.size);
  const double columns = double(g.columns.taps) * double(g.columns.dilation);
  return (rows + columns) * double(g.channels) < 0x1p62;
}

}  // namespace involution

#endif  // INVOLUTION_GEOMETRY_H_
