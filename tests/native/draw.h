// Random problems.
#ifndef INVOLUTION_TESTS_DRAW_H_
#define INVOLUTION_TESTS_DRAW_H_

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "involution.h"
#include "numbers.h"
#include "placed.h"
#include "truth.h"

class Chance {
 public:
  explicit Chance(uint64_t seed) : random_(seed) {}

  int64_t between(int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random_);
  }
  bool once_in(int64_t count) { return between(1, count) == 1; }
  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[between(0, int64_t(values.size()) - 1)];
  }
  // A number that all types represent exactly, seldom one that is not finite.
  double number(bool finite) {
    if (!finite && once_in(50)) {
      const double infinity = std::numeric_limits<double>::infinity();
      return one_of({infinity, -infinity, std::numeric_limits<double>::quiet_NaN()});
    }
    return double(between(-128, 128)) / 64;
  }

 private:
  std::mt19937_64 random_;
};

struct Drawn {
  InvolutionProblem problem;
  int64_t reduced;
  int64_t threads;
  bool scaled, relu, finite;
};

inline InvolutionLine draw_line(Chance& chance) {
  InvolutionLine line;
  line.taps = chance.once_in(3) ? chance.between(1, 9) : chance.between(1, 4);
  line.stride = chance.once_in(2) ? 1 : chance.between(1, 4);
  line.dilation = chance.once_in(2) ? 1 : chance.between(1, 5);
  if (chance.once_in(20)) line.dilation = chance.one_of<int64_t>({100, 1 << 20, 1 << 30});
  if (chance.once_in(50)) line.stride = chance.one_of<int64_t>({100, 1 << 20, 1 << 30});
  line.size = chance.once_in(6) ? 1 : chance.between(1, 24);
  if (chance.once_in(60)) line.size = 0;
  const int64_t extent = (line.taps - 1) * line.dilation + 1;
  line.before = chance.between(0, extent - 1);
  if (chance.once_in(3)) line.before = chance.between(0, line.taps - 1) * line.dilation;
  if (chance.once_in(20)) line.before += chance.between(0, 40);
  // Seldom also windows that lie outside the image, and fewer than there is room for.
  const int64_t room = (line.size + line.before - 1) / line.stride + 1;
  line.windows = std::min<int64_t>(std::max<int64_t>(room, 1), chance.between(1, 24));
  if (chance.once_in(10)) line.windows = chance.between(0, 9);
  return line;
}

inline int64_t products_of(const InvolutionProblem& p) {
  return windows_of(p) * p.rows.taps * p.columns.taps * p.channels;
}

// A problem of any geometry whose plain loops take at most so many products.
inline Drawn draw(Chance& chance, int64_t most_products) {
  Drawn drawn;
  InvolutionProblem& p = drawn.problem;
  p.groups = chance.one_of<int64_t>({1, 1, 2, 3, 4, 5, 8, 16, 17, 32});
  const int64_t width = chance.once_in(2) ? chance.between(1, 64)
                                          : chance.one_of<int64_t>({2, 4, 8, 16, 32, 64, 75, 128});
  p.channels = p.groups * width;
  p.type = int32_t(chance.between(0, kTypes - 1));
  p.batch = chance.once_in(40) ? 0 : chance.between(1, 4);
  p.rows = draw_line(chance);
  p.columns = draw_line(chance);
  drawn.reduced = chance.once_in(2) ? chance.between(1, 5) : chance.between(1, 40);
  const auto products = [&] {
    return products_of(p) + windows_of(p) * numbers_of(p) * drawn.reduced;
  };
  while (products() > most_products && p.batch > 1) --p.batch;
  while (products() > most_products && p.rows.windows > 1) --p.rows.windows;
  while (products() > most_products && drawn.reduced > 1) --drawn.reduced;
  while (products() > most_products && p.columns.windows > 1) --p.columns.windows;
  drawn.threads = chance.between(1, 5);
  drawn.scaled = chance.once_in(2);
  drawn.relu = chance.once_in(2);
  drawn.finite = !chance.once_in(4);
  return drawn;
}

inline std::string text_of(const InvolutionLine& line) {
  const auto part = [](const char* name, int64_t value) {
    return std::string(name) + "=" + std::to_string(value) + " ";
  };
  return part("size", line.size) + part("windows", line.windows) + part("taps", line.taps) +
         part("stride", line.stride) + part("dilation", line.dilation) +
         "before=" + std::to_string(line.before);
}

inline std::string text_of(const Drawn& drawn) {
  const InvolutionProblem& p = drawn.problem;
  return std::string(traits(p.type).name) + ", batch " + std::to_string(p.batch) + ", channels " +
         std::to_string(p.channels) + ", groups " + std::to_string(p.groups) + ", rows (" +
         text_of(p.rows) + "), columns (" + text_of(p.columns) + "), reduced channels " +
         std::to_string(drawn.reduced) + ", threads " + std::to_string(drawn.threads) +
         (drawn.scaled ? ", scaled" : "") + (drawn.relu ? ", ReLU" : "") +
         (drawn.finite ? "" : ", with NaN and infinity");
}

#endif  // INVOLUTION_TESTS_DRAW_H_
