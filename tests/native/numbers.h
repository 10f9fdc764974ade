// Numbers as tensors store them, converted without the code that is tested.
#ifndef INVOLUTION_TESTS_NUMBERS_H_
#define INVOLUTION_TESTS_NUMBERS_H_

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// The types by their number in `InvolutionProblem`.
enum Type { kFloat32, kFloat64, kBFloat16, kFloat16, kTypes };

struct TypeTraits {
  const char* name;
  int bytes;
  int exponent_bits, mantissa_bits;
  double rounding;      // of a number that is stored, relative
  double sum_rounding;  // of the type that sums are taken in
};

inline const TypeTraits& traits(int type) {
  static const TypeTraits all[kTypes] = {{"float32", 4, 8, 23, 0x1p-24, 0x1p-24},
                                         {"float64", 8, 11, 52, 0x1p-53, 0x1p-53},
                                         {"bfloat16", 2, 8, 7, 0x1p-8, 0x1p-24},
                                         {"float16", 2, 5, 10, 0x1p-11, 0x1p-24}};
  return all[type];
}

// Stores a number that the type represents exactly and that is not subnormal.
inline void encode(double number, int type, unsigned char* to) {
  const TypeTraits& of = traits(type);
  uint64_t bits = std::signbit(number) ? 1 : 0;
  bits = bits << of.exponent_bits;
  int exponent = 0;
  const double size = std::frexp(std::fabs(number), &exponent);  // 0.5 to 1
  const uint64_t top = (uint64_t(1) << of.exponent_bits) - 1;
  uint64_t mantissa = 0;
  if (!std::isfinite(number)) {
    bits |= top;
    mantissa = std::isnan(number) ? uint64_t(1) << (of.mantissa_bits - 1) : 0;
  } else if (number != 0) {
    bits |= uint64_t(exponent - 1 + int(top / 2));
    mantissa = uint64_t(std::ldexp(2 * size - 1, of.mantissa_bits));
  }
  bits = bits << of.mantissa_bits | mantissa;
  for (int byte = 0; byte < of.bytes; ++byte) to[byte] = bits >> (8 * byte) & 0xff;
}

inline double decode(int type, const unsigned char* from) {
  const TypeTraits& of = traits(type);
  uint64_t bits = 0;
  for (int byte = 0; byte < of.bytes; ++byte) bits |= uint64_t(from[byte]) << (8 * byte);
  const uint64_t top = (uint64_t(1) << of.exponent_bits) - 1;
  const uint64_t mantissa = bits & ((uint64_t(1) << of.mantissa_bits) - 1);
  const uint64_t exponent = bits >> of.mantissa_bits & top;
  const double sign = bits >> (of.mantissa_bits + of.exponent_bits) ? -1 : 1;
  if (exponent == top) {
    return mantissa ? std::numeric_limits<double>::quiet_NaN()
                    : sign * std::numeric_limits<double>::infinity();
  }
  const double size = double(mantissa) + (exponent ? std::ldexp(1, of.mantissa_bits) : 0);
  return sign * std::ldexp(size, int(exponent ? exponent : 1) - int(top / 2) - of.mantissa_bits);
}

#endif  // INVOLUTION_TESTS_NUMBERS_H_
