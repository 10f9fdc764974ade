// What all sums need to know of a problem, and the parts it is divided into.
#ifndef INVOLUTION_PROBLEM_H_
#define INVOLUTION_PROBLEM_H_

#include "geometry.h"
#include "memory.h"
#include "multiply.h"
#include "spans.h"
#include "windows.h"

namespace involution {
namespace INVOLUTION_TARGET {

// Kernels of a tile take at most so many bytes, so that they stay in the cache; but a tile may have
// as many windows as the product of matrices computes at once.
constexpr int64_t kTileBytes = 256 << 10;

// A tile of small kernels has at most so many windows: then their pixels stay in the cache, too.
constexpr int64_t kMostRows = 16 * kRows;

// Parts that the work is divided into for each thread, so that threads end at about the same time.
constexpr int64_t kPartsPerThread = 4;

// What all functions need to know of a problem.
template <class Real>
class Problem {
 public:
  explicit Problem(const Geometry& geometry)
      : geometry(geometry),
        channels(geometry.channels, geometry.groups),
        rows_(geometry.rows.windows),
        columns_(geometry.columns.windows),
        offsets_(geometry.taps()),
        zeros_(geometry.channels) {
    if (missing()) return;
    for (int64_t n = 0; n < geometry.rows.windows; ++n) rows()[n] = span_of(geometry.rows, n);
    for (int64_t n = 0; n < geometry.columns.windows; ++n) {
      columns()[n] = span_of(geometry.columns, n);
    }
    const Line &row = geometry.rows, &column = geometry.columns;
    for (int64_t tap = 0; tap < geometry.taps(); ++tap) {
      const int64_t i = tap / column.taps, j = tap % column.taps;
      offsets()[tap] = (i * row.dilation * column.size + j * column.dilation) * geometry.channels;
    }
    for (int64_t c = 0; c < geometry.channels; ++c) zeros()[c] = 0;
  }

  bool missing() const {
    return channels.missing() || rows_.missing() || columns_.missing() || offsets_.missing() ||
           zeros_.missing();
  }
  Span* rows() const { return rows_.data(); }
  Span* columns() const { return columns_.data(); }
  // From the first tap's pixel to that of each tap, in numbers.
  int64_t* offsets() const { return offsets_.data(); }
  Real* zeros() const { return zeros_.data(); }  // a pixel outside the image

  const Geometry geometry;
  const Channels<Real> channels;

 private:
  Buffer<Span> rows_;
  Buffer<Span> columns_;
  Buffer<int64_t> offsets_;
  Buffer<Real> zeros_;
};

// Windows that are neighbours in a row of an image.
struct Segment {
  int64_t image, row;
  int64_t first, end;  // columns of windows
  int64_t index;       // of the first window in the batch
};

// Calls visit(segment) for the windows first to end - 1 of the batch.
template <class Visit>
inline void for_segments(const Geometry& geometry, int64_t first, int64_t end, const Visit& visit) {
  const int64_t width = geometry.columns.windows;
  while (first < end) {
    const int64_t row = first / width, column = first % width;
    const int64_t count = smaller(width - column, end - first);
    visit(Segment{row / geometry.rows.windows, row % geometry.rows.windows, column, column + count,
                  first});
    first += count;
  }
}

// The number of windows in a tile: as many as the cache holds kernels for, or fewer, so that each
// thread gets several tiles where there are enough windows, and all threads equally many.
template <class Real>
int64_t tile_size(int64_t windows, int64_t kernel_stride, const Parallel& parallel) {
  const int64_t cached = kTileBytes / int64_t(sizeof(Real)) / (kernel_stride * kRows) * kRows;
  const int64_t most = larger(smaller(cached, kMostRows), kRows);
  const int64_t several = smaller(kPartsPerThread * parallel.threads, windows / kRows);
  const int64_t tiles = rounded_up(larger((windows + most - 1) / most, several), parallel.threads);
  return larger((windows + tiles - 1) / larger(tiles, 1), 1);
}

// Calls visit(first, end) for tiles of about the same size, of at most `most` windows.
template <class Visit>
inline void for_tiles(int64_t first, int64_t end, int64_t most, const Visit& visit) {
  const int64_t count = end - first, tiles = (count + most - 1) / most;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    visit(first + tile * count / tiles, first + (tile + 1) * count / tiles);
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_PROBLEM_H_
