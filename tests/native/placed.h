// Tensors in memory where one byte too many is noticed.
#ifndef INVOLUTION_TESTS_PLACED_H_
#define INVOLUTION_TESTS_PLACED_H_

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>

enum class Place {
  kEndOfMalloc,      // AddressSanitizer notices what is read beyond it
  kEndOfPages,       // the processor notices it, also in instructions that no sanitizer knows
  kBeginningOfPages  // the same before it
};

// Bytes that begin some numbers after an aligned address, or where a page begins or ends.
class Placed {
 public:
  Placed(size_t bytes, Place place, size_t offset) : bytes_(bytes) {
    if (place == Place::kEndOfMalloc) {
      memory_ = std::malloc(offset + bytes);
      if (memory_ == nullptr) throw std::bad_alloc();
      data_ = static_cast<unsigned char*>(memory_) + offset;
    } else {
      map(place);
    }
    std::memset(data_, 0xff, bytes);  // NaN in every type: what is not written is noticed
  }
  ~Placed() {
    if (mapped_ > 0) {
      munmap(memory_, mapped_);
    } else {
      std::free(memory_);
    }
  }
  Placed(const Placed&) = delete;
  Placed& operator=(const Placed&) = delete;

  unsigned char* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void map(Place place) {
    const size_t page = size_t(sysconf(_SC_PAGESIZE));
    const size_t inside = (bytes_ + page - 1) / page * page;
    mapped_ = inside + 2 * page;
    memory_ = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    unsigned char* begin = static_cast<unsigned char*>(memory_) + page;
    if (inside > 0 && mprotect(begin, inside, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    data_ = place == Place::kBeginningOfPages ? begin : begin + inside - bytes_;
  }

  size_t bytes_;
  size_t mapped_ = 0;
  void* memory_ = nullptr;
  unsigned char* data_ = nullptr;
};

#endif  // INVOLUTION_TESTS_PLACED_H_
