// The gradient of the inputs, which windows of several threads add to.
#ifndef INVOLUTION_BANDS_H_
#define INVOLUTION_BANDS_H_

#include "geometry.h"
#include "memory.h"
#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Some rows of pixels: number n of the tensor is data[n - first].
template <class Real>
struct PixelRows {
  Real* data;
  int64_t first;
};

// The rows of windows of an image, divided into bands that threads can work at. Windows of two
// bands share pixels. If there is more than one band, each therefore adds to a copy of its pixels'
// rows.
template <class Real>
class Bands {
 public:
  Bands(const Geometry& geometry, Real* gradient, const Parallel& parallel)
      : geometry_(geometry),
        gradient_(gradient),
        per_image_(bands_per_image(geometry, parallel)),
        row_(geometry.columns.size * geometry.channels),
        size_(rows_of_band() * row_),
        copies_(per_image_ > 1 ? count() * size_ : 0) {}

  bool missing() const { return copies_.missing(); }
  int64_t count() const { return geometry_.batch * per_image_; }
  // The first window of a band; the last one ends where the next one begins.
  int64_t first_window(int64_t band) const {
    const int64_t row = band % per_image_ * geometry_.rows.windows / per_image_;
    return band / per_image_ * geometry_.windows() + row * geometry_.columns.windows;
  }
  // Sets the rows of a band to zero and returns them.
  PixelRows<Real> begin(int64_t band) const {
    const int64_t image = band / per_image_;
    const Rows rows = rows_of(band % per_image_);
    const int64_t first = (image * geometry_.rows.size + rows.first) * row_;
    Real* to = per_image_ > 1 ? copies_.data() + band * size_ : gradient_ + first;
    for (int64_t n = 0; n < (rows.end - rows.first) * row_; ++n) to[n] = 0;
    return {to, first};
  }
  // Adds up the copies, in the same order always.
  void finish(const Parallel& parallel) const {
    if (per_image_ == 1) return;
    in_parallel(parallel, geometry_.batch * geometry_.rows.size, [&](int64_t index, int64_t) {
      const int64_t image = index / geometry_.rows.size, row = index % geometry_.rows.size;
      Real* to = gradient_ + index * row_;
      for (int64_t n = 0; n < row_; ++n) to[n] = 0;
      for (int64_t part = 0; part < per_image_; ++part) {
        const Rows rows = rows_of(part);
        if (row < rows.first || row >= rows.end) continue;
        const int64_t band = image * per_image_ + part;
        const Real* from = copies_.data() + band * size_ + (row - rows.first) * row_;
        for (int64_t n = 0; n < row_; ++n) to[n] += from[n];
      }
    });
  }

 private:
  struct Rows {
    int64_t first, end;
  };

  static int64_t bands_per_image(const Geometry& geometry, const Parallel& parallel) {
    const int64_t wanted = 2 * parallel.threads;
    if (geometry.batch == 0 || geometry.batch >= wanted) return 1;
    return larger(smaller((wanted + geometry.batch - 1) / geometry.batch, geometry.rows.windows),
                  1);
  }
  // The rows of pixels that the windows of a part of an image may hold.
  Rows rows_of(int64_t part) const {
    const Line& line = geometry_.rows;
    if (per_image_ == 1) return {0, line.size};
    const int64_t first = part * line.windows / per_image_;
    const int64_t last = (part + 1) * line.windows / per_image_ - 1;
    const int64_t from = first * line.stride - line.before;
    const int64_t to = last * line.stride - line.before + (line.taps - 1) * line.dilation + 1;
    const int64_t begin = smaller(larger(from, 0), line.size);
    return {begin, larger(smaller(to, line.size), begin)};
  }
  int64_t rows_of_band() const {
    int64_t most = 0;
    for (int64_t part = 0; part < per_image_; ++part) {
      const Rows rows = rows_of(part);
      most = larger(most, rows.end - rows.first);
    }
    return most;
  }

  const Geometry& geometry_;
  Real* gradient_;
  const int64_t per_image_;
  const int64_t row_;   // numbers in a row of pixels
  const int64_t size_;  // numbers in the copy of a band
  Buffer<Real> copies_;
};

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_BANDS_H_
