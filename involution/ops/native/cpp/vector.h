// Vectors of the instruction set that this file is compiled for.
//
// Everything here and in the files that include it is compiled once for each instruction set, in a
// namespace of that name. Templates of the standard library are avoided: the linker would keep one
// copy of each, perhaps one with instructions that an older processor lacks.
#ifndef INVOLUTION_VECTOR_H_
#define INVOLUTION_VECTOR_H_

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

#ifndef INVOLUTION_TARGET
#define INVOLUTION_TARGET plain
#endif

namespace involution {
namespace INVOLUTION_TARGET {

#if defined(__AVX512F__)
constexpr int kBytes = 64;
constexpr int kRegisters = 32;
#elif defined(__AVX2__)
constexpr int kBytes = 32;
constexpr int kRegisters = 16;
#elif defined(__aarch64__)
constexpr int kBytes = 16;
constexpr int kRegisters = 32;
#else
constexpr int kBytes = 16;
constexpr int kRegisters = 16;
#endif

template <class Real>
struct VectorOf;
template <>
struct VectorOf<float> {
  typedef float type __attribute__((vector_size(kBytes)));
  typedef int32_t mask __attribute__((vector_size(kBytes)));
};
template <>
struct VectorOf<double> {
  typedef double type __attribute__((vector_size(kBytes)));
  typedef int64_t mask __attribute__((vector_size(kBytes)));
};
template <class Real>
using Vector = typename VectorOf<Real>::type;
template <class Real>
using Integers = typename VectorOf<Real>::mask;

template <class Real>
constexpr int kLanes = kBytes / sizeof(Real);

template <class Real>
inline Vector<Real> load(const Real* from) {
  Vector<Real> vector;
  std::memcpy(&vector, from, kBytes);
  return vector;
}

template <class Real>
inline void store(Real* to, Vector<Real> vector) {
  std::memcpy(to, &vector, kBytes);
}

template <class Real>
inline Vector<Real> at_least_zero(Vector<Real> vector) {
  // A comparison with NaN is false: NaN stays, as in the activation of the framework.
  return vector < Vector<Real>{} ? Vector<Real>{} : vector;
}

// The first lanes of a vector: what lies beyond them in memory is neither read nor written.
template <class Real>
struct Mask {
  explicit Mask(int64_t lanes) : lanes(lanes < kLanes<Real> ? lanes : kLanes<Real>) {}
  int64_t lanes;
};

template <class Real>
inline Vector<Real> load(const Real* from, Mask<Real> mask) {
  Vector<Real> vector = {};
  std::memcpy(&vector, from, mask.lanes * sizeof(Real));
  return vector;
}

template <class Real>
inline void store(Real* to, Vector<Real> vector, Mask<Real> mask) {
  std::memcpy(to, &vector, mask.lanes * sizeof(Real));
}

// Stands for a mask of all lanes.
struct Whole {};

template <class Real>
inline Vector<Real> load(const Real* from, Whole) {
  return load(from);
}

template <class Real>
inline void store(Real* to, Vector<Real> vector, Whole) {
  store(to, vector);
}

template <class Real>
constexpr int64_t lanes_of(Whole) {
  return kLanes<Real>;
}
template <class Real>
inline int64_t lanes_of(Mask<Real> mask) {
  return mask.lanes;
}

// The lanes `indices` of a vector.
template <class Real>
inline Vector<Real> permuted(Vector<Real> vector, Integers<Real> indices) {
  Vector<Real> result = {};
  for (int lane = 0; lane < kLanes<Real>; ++lane) result[lane] = vector[indices[lane]];
  return result;
}

#if defined(__AVX512F__)
inline Vector<float> load(const float* from, Mask<float> mask) {
  return (Vector<float>)_mm512_maskz_loadu_ps(__mmask16((1u << mask.lanes) - 1), from);
}
inline void store(float* to, Vector<float> vector, Mask<float> mask) {
  _mm512_mask_storeu_ps(to, __mmask16((1u << mask.lanes) - 1), (__m512)vector);
}
template <>
inline Vector<float> permuted<float>(Vector<float> vector, Integers<float> indices) {
  return (Vector<float>)_mm512_maskz_permutexvar_ps(0xffff, (__m512i)indices, (__m512)vector);
}
#elif defined(__AVX2__)
inline __m256i bits(Mask<float> mask) {
  const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(int(mask.lanes)), lane);
}
inline Vector<float> load(const float* from, Mask<float> mask) {
  return (Vector<float>)_mm256_maskload_ps(from, bits(mask));
}
inline void store(float* to, Vector<float> vector, Mask<float> mask) {
  _mm256_maskstore_ps(to, bits(mask), (__m256)vector);
}
template <>
inline Vector<float> permuted<float>(Vector<float> vector, Integers<float> indices) {
  return (Vector<float>)_mm256_permutevar8x32_ps((__m256)vector, (__m256i)indices);
}
#endif

// Adds lanes that are kDistance apart: those of `first` into the lanes whose number lacks that bit,
// those of `second` into the others.
template <class Real, int kDistance, int... kLane>
[[gnu::always_inline]] inline Vector<Real> halves_added_at(Vector<Real> first, Vector<Real> second,
                                                           std::integer_sequence<int, kLane...>) {
  constexpr int lanes = kLanes<Real>;
  return __builtin_shufflevector(first, second, (kLane & kDistance ? kLane + lanes : kLane)...) +
         __builtin_shufflevector(first, second,
                                 ((kLane & kDistance ? kLane + lanes : kLane) ^ kDistance)...);
}
template <class Real, int kDistance>
[[gnu::always_inline]] inline Vector<Real> halves_added(Vector<Real> first, Vector<Real> second) {
  return halves_added_at<Real, kDistance>(first, second,
                                          std::make_integer_sequence<int, kLanes<Real>>());
}

// Keeps a vector in a register: a compiler would rather load it again for each of its uses.
template <class Real>
[[gnu::always_inline]] inline void hold(Vector<Real>& vector) {
#if defined(__AVX512F__)
  asm("" : "+v"(vector));
#elif defined(__x86_64__)
  asm("" : "+x"(vector));
#elif defined(__aarch64__)
  asm("" : "+w"(vector));
#else
  (void)vector;
#endif
}

// Four numbers, repeated in all lanes.
[[gnu::always_inline]] inline Vector<float> repeated(const float* from) {
#if defined(__AVX512F__)
  return (Vector<float>)_mm512_maskz_broadcast_f32x4(0xffff, _mm_loadu_ps(from));
#elif defined(__AVX2__)
  return (Vector<float>)_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i*)from));
#else
  return load(from);
#endif
}

// Number kNumber of four that are repeated, in all lanes.
template <int kNumber, int... kLane>
[[gnu::always_inline]] inline Vector<float> one_of_four(Vector<float> four,
                                                        std::integer_sequence<int, kLane...>) {
  return __builtin_shufflevector(four, four, kLane / 4 * 4 + kNumber...);
}
[[gnu::always_inline]] inline Vector<float> one_of_four(Vector<float> four, int number) {
  const std::make_integer_sequence<int, kLanes<float>> lanes;
  return number == 0   ? one_of_four<0>(four, lanes)
         : number == 1 ? one_of_four<1>(four, lanes)
         : number == 2 ? one_of_four<2>(four, lanes)
                       : one_of_four<3>(four, lanes);
}

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t rounded_up(int64_t number, int64_t unit) {
  return (number + unit - 1) / unit * unit;
}

}  // namespace INVOLUTION_TARGET
}  // namespace involution

#endif  // INVOLUTION_VECTOR_H_
