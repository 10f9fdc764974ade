// The geometry of a problem.
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

// The sizes of a problem. Tensors are dense and row-major: inputs (batch, height, width, channels),
// outputs (batch, out_height, out_width, channels), kernels (batch, out_height, out_width,
// kernel_height, kernel_width, groups). Channel c belongs to group c / (channels / groups).
struct Geometry {
  int64_t batch;
  int64_t channels;
  int64_t groups;
  Line rows;
  Line columns;

  // Windows and pixels of one image; taps and numbers of the kernel of one window.
  [[gnu::always_inline]] int64_t windows() const { return rows.windows * columns.windows; }
  [[gnu::always_inline]] int64_t pixels() const { return rows.size * columns.size; }
  [[gnu::always_inline]] int64_t taps() const { return rows.taps * columns.taps; }
  [[gnu::always_inline]] int64_t numbers() const { return taps() * groups; }
};

// Returns whether the sizes fit together, and whether the numbers of each tensor, and the way from
// a window's first tap to its last, can be counted.
inline bool is_valid(const Geometry& g) {
  if (g.batch < 0 || g.channels < 1 || g.groups < 1 || g.channels % g.groups != 0 ||
      !is_valid(g.rows) || !is_valid(g.columns)) {
    return false;
  }
  const double rows = double(g.rows.taps) * double(g.rows.dilation) * double(g.columns.size);
  const double columns = double(g.columns.taps) * double(g.columns.dilation);
  const double windows = double(g.batch) * double(g.rows.windows) * double(g.columns.windows);
  const double pixels = double(g.batch) * double(g.rows.size) * double(g.columns.size);
  const double numbers = double(g.rows.taps) * double(g.columns.taps) * double(g.groups);
  constexpr double most = 0x1p58;
  return (rows + columns) * double(g.channels) < most && numbers < most &&
         windows * numbers < most && (windows + pixels) * double(g.channels) < most;
}

}  // namespace involution

#endif  // INVOLUTION_GEOMETRY_H_
