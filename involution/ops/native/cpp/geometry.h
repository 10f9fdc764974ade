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

// The sizes of a problem. Tensors are dense and row-major: inputs (batch, height, width, channels),
// outputs (batch, out_height, out_width, channels), kernels (batch, out_height, out_width,
// kernel_height, kernel_width, groups). Channel c belongs to group c / (channels / groups).
struct Geometry {
  int64_t batch;
  int64_t channels;
  int64_t groups;
  Line rows;
  Line columns;

  [[gnu::always_inline]] int64_t windows() const {
    return rows.windows * columns.windows;
  }  // of one image
  [[gnu::always_inline]] int64_t pixels() const {
    return rows.size * columns.size;
  }  // of one image
  [[gnu::always_inline]] int64_t taps() const { return rows.taps * columns.taps; }
  [[gnu::always_inline]] int64_t numbers() const {
    return taps() * groups;
  }  // of the kernel of one window
};

}  // namespace involution

#endif  // INVOLUTION_GEOMETRY_H_
