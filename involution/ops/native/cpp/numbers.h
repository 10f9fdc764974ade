// 16-bit floats in memory; sums are taken in float32.
#ifndef INVOLUTION_NUMBERS_H_
#define INVOLUTION_NUMBERS_H_

#include <cstdint>
#include <cstring>

#include "vector.h"

namespace involution {
namespace INVOLUTION_TARGET {

struct BFloat16 {
  uint16_t bits;
};
struct Float16 {
  uint16_t bits;
};

inline uint32_t bits_of(float number) {
  uint32_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

inline float float_of(uint32_t bits) {
  float number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

// A bfloat16 is the upper half of a float32.
inline float wide(BFloat16 number) { return float_of(uint32_t(number.bits) << 16); }

inline void narrow(float number, BFloat16* to) {
  const uint32_t bits = bits_of(number);
  const uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);  // to nearest, ties to even
  to->bits = number != number ? uint16_t(bits >> 16 | 0x40) : uint16_t(rounded >> 16);
}

// A float16 has 5 bits of exponent and 10 of mantissa; a float32 has 8 and 23.
inline float wide(Float16 number) {
  const uint32_t sign = uint32_t(number.bits & 0x8000) << 16;
  const uint32_t rest = number.bits & 0x7fff;
  if (rest >= 0x7c00) return float_of(sign | 0x7f800000 | (rest & 0x3ff) << 13);
  // Below the smallest normal number, the mantissa counts units of 2^-24.
  const float size = rest < 0x400 ? float(rest) * 0x1p-24f : float_of((rest << 13) + (112u << 23));
  return float_of(sign | bits_of(size));
}

inline void narrow(float number, Float16* to) {
  const uint16_t sign = uint16_t(bits_of(number) >> 16 & 0x8000);
  const uint32_t size = bits_of(number) & 0x7fffffff;
  uint32_t half;
  if (size > 0x7f800000) {
    half = 0x7e00;  // NaN
  } else if (size >= 0x477ff000) {
    half = 0x7c00;  // rounds to more than the largest number
  } else if (size < 0x38800000) {
    // The addition rounds to a multiple of 2^-24, to nearest, ties to even.
    half = bits_of(float_of(size) + 0.5f) - bits_of(0.5f);
  } else {
    half = (size + 0xfff + (size >> 13 & 1) - (112u << 23)) >> 13;
  }
  to->bits = uint16_t(sign | half);
}

inline float wide(float number) { return number; }
inline double wide(double number) { return number; }
inline void narrow(float number, float* to) { *to = number; }
inline void narrow(double number, double* to) { *to = number; }

template <class Number, class Real>
inline void widen(const Number* from, int64_t count, Real* to) {
  for (int64_t n = 0; n < count; ++n) to[n] = wide(from[n]);
}

template <class Real, class Number>
inline void narrow(const Real* from, int64_t count, Number* to) {
  for (int64_t n = 0; n < count; ++n) narrow(from[n], to + n);
}

#if defined(__F16C__)
// Compilers do not make these conversions of a loop over 16-bit integers.
inline void widen(const Float16* from, int64_t count, float* to) {
  int64_t n = 0;
  for (; n + 8 <= count; n += 8) {
    _mm256_storeu_ps(to + n, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)(from + n))));
  }
  for (; n < count; ++n) to[n] = wide(from[n]);
}
inline void narrow(const float* from, int64_t count, Float16* to) {
  int64_t n = 0;
  for (; n + 8 <= count; n += 8) {
    _mm_storeu_si128((__m128i*)(to + n), _mm256_cvtps_ph(_mm256_loadu_ps(from + n), 0));
  }
  for (; n < count; ++n) narrow(from[n], to + n);
}
#endif

// What sums of a stored type are taken in.
template <class Number>
struct RealOf {
  typedef float type;
};
template <>
struct RealOf<double> {
  typedef double type;
};

template <class Number>
constexpr bool kStoredAsSummed = sizeof(Number) == sizeof(typename RealOf<Number>::type);

// Writes a vector of sums as they are stored.
template <class Number, class Lanes, class Real = typename RealOf<Number>::type>
inline void put(Number* to, Vector<Real> sums, Lanes mask) {
  if constexpr (kStoredAsSummed<Number>) {
    store(to, sums, mask);
  } else {
    Real numbers[kLanes<Real>];
    store(numbers, sums);
    narrow(numbers, lanes_of<Real>(mask), to);
  }
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_NUMBERS_H_
