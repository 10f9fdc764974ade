// The sums of involution, compiled once for each instruction set.
#include "kernels.h"

#include "bands.h"
#include "geometry.h"
#include "memory.h"
#include "multiply.h"
#include "numbers.h"
#include "problem.h"
#include "segments.h"
#include "sources.h"
#include "vector.h"
#include "weights.h"
#include "windows.h"

namespace involution {
namespace INVOLUTION_TARGET {
namespace {

// Where a result of `size` numbers is computed: in place, or in the slot's scratch memory.
template <class Number, class Real>
inline Real* place_of(Number* to, const Buffer<Real>& scratch, int64_t slot, int64_t size) {
  if constexpr (kStoredAsSummed<Number>) {
    return to;
  } else {
    return scratch.data() + slot * size;
  }
}

template <class Number, class Source, class Real = typename RealOf<Number>::type>
bool outputs_of(const Geometry& geometry, const void* inputs, const Source& kernels,
                const Epilogue& epilogue, void* outputs, const Parallel& parallel) {
  const Problem<Real> problem(geometry);
  const int64_t channels = geometry.channels, count = geometry.batch * geometry.windows();
  const Widened<Number> pixels(inputs, geometry.batch * geometry.pixels() * channels, parallel);
  const int64_t parameters = epilogue.scale ? channels : 0;
  const Widened<Number> scales(epilogue.scale, parameters, parallel);
  const Widened<Number> shifts(epilogue.shift, parameters, parallel);
  if (problem.missing() || pixels.missing() || kernels.missing() || scales.missing() ||
      shifts.missing()) {
    return false;
  }
  const Real* scale = epilogue.scale ? scales.data() : nullptr;
  const Real* shift = epilogue.scale ? shifts.data() : nullptr;
  const bool relu = epilogue.activation == Activation::kRelu;
  const int64_t tiles = (count + kernels.tile - 1) / kernels.tile;
  in_parallel(parallel, tiles, [&](int64_t tile, int64_t slot) {
    const int64_t first = tile * kernels.tile, end = smaller(first + kernels.tile, count);
    const Real* kernel = kernels.of(first, end, slot);
    for_segments(geometry, first, end, [&](const Segment& segment) {
      Number* to = static_cast<Number*>(outputs) + segment.index * channels;
      sum_windows(problem, segment, pixels.data(),
                  kernel + (segment.index - first) * kernels.stride, kernels.stride,
                  [&](int64_t window, int64_t channel, Vector<Real> sum, auto mask) {
                    if (scale) {
                      sum = sum * load(scale + channel, mask) + load(shift + channel, mask);
                    }
                    if (relu) sum = at_least_zero<Real>(sum);
                    put(to + window * channels + channel, sum, mask);
                  });
    });
  });
  return true;
}

template <class Number, class Real = typename RealOf<Number>::type>
bool inputs_of(const Geometry& geometry, const void* kernels, const void* outputs, void* inputs,
               const Parallel& parallel) {
  const Problem<Real> problem(geometry);
  const int64_t channels = geometry.channels;
  const GivenKernels<Number> given(geometry, kernels, parallel);
  const Widened<Number> upstream(outputs, geometry.batch * geometry.windows() * channels, parallel);
  const Narrowed<Number> gradient(inputs, geometry.batch * geometry.pixels() * channels);
  const Bands<Real> bands(geometry, gradient.data(), parallel);
  if (problem.missing() || given.missing() || upstream.missing() || gradient.missing() ||
      bands.missing()) {
    return false;
  }
  in_parallel(parallel, bands.count(), [&](int64_t band, int64_t slot) {
    const PixelRows<Real> pixels = bands.begin(band);
    const int64_t begin = bands.first_window(band), limit = bands.first_window(band + 1);
    for_tiles(begin, limit, given.tile, [&](int64_t first, int64_t end) {
      const Real* kernel = given.of(first, end, slot);
      for_segments(geometry, first, end, [&](const Segment& segment) {
        add_to_inputs(problem, segment, kernel + (segment.index - first) * given.stride,
                      given.stride, upstream.data() + segment.index * channels, pixels);
      });
    });
  });
  bands.finish(parallel);
  gradient.finish(parallel);
  return true;
}

template <class Number, class Real = typename RealOf<Number>::type>
bool kernels_of(const Geometry& geometry, const void* inputs, const void* outputs, void* kernels,
                const Parallel& parallel) {
  const Problem<Real> problem(geometry);
  const int64_t channels = geometry.channels, count = geometry.batch * geometry.windows();
  const int64_t numbers = geometry.numbers(), taps = geometry.taps() + kLanes<Real>;
  const Widened<Number> pixels(inputs, geometry.batch * geometry.pixels() * channels, parallel);
  const Widened<Number> upstream(outputs, count * channels, parallel);
  const Buffer<Real> results(kStoredAsSummed<Number> ? 0 : parallel.threads * numbers);
  const Buffer<const Real*> under_taps(parallel.threads * taps);
  if (problem.missing() || pixels.missing() || upstream.missing() || results.missing() ||
      under_taps.missing()) {
    return false;
  }
  const int64_t size = tile_size<Real>(count, numbers, parallel);
  in_parallel(parallel, (count + size - 1) / size, [&](int64_t tile, int64_t slot) {
    const int64_t first = tile * size, end = smaller(first + size, count);
    for_segments(geometry, first, end, [&](const Segment& segment) {
      Number* to = static_cast<Number*>(kernels) + segment.index * numbers;
      const auto result = [&](int64_t) { return place_of<Number>(to, results, slot, numbers); };
      const auto finish = [&](int64_t) {
        if constexpr (!kStoredAsSummed<Number>) narrow(result(0), numbers, to);
        to += numbers;
      };
      kernel_gradients(problem, segment, pixels.data(), upstream.data() + segment.index * channels,
                       under_taps.data() + slot * taps, result, finish);
    });
  });
  return true;
}

// In how many parts the gradients of the weights are added up. Their copies take at most half the
// memory that the kernels of all windows would take, unless these are few.
inline int64_t parts_of(int64_t bands, int64_t windows, int64_t reduced, const Parallel& parallel) {
  const int64_t most = larger(windows / (2 * (reduced + 1)), 2);
  return larger(smaller(smaller(bands, 2 * parallel.threads), most), 1);
}

template <class Number, class Real = typename RealOf<Number>::type>
bool gradients_of_generated(const Geometry& geometry, const void* inputs,
                            const Generator& generator, const void* outputs,
                            const Gradients& gradients, const Parallel& parallel) {
  const Problem<Real> problem(geometry);
  const int64_t channels = geometry.channels, count = geometry.batch * geometry.windows();
  const int64_t reduced = generator.reduced, numbers = geometry.numbers();
  const int64_t taps = geometry.taps() + kLanes<Real>;
  const Widened<Number> pixels(inputs, geometry.batch * geometry.pixels() * channels, parallel);
  const Widened<Number> upstream(outputs, count * channels, parallel);
  const GeneratedKernels<Number> generated(geometry, generator, parallel);
  const Packed<Real> transposed(numbers, reduced);
  const int64_t stride = generated.stride, padded = rounded_up(reduced, kPanel<Real>);
  const Narrowed<Number> gradient(gradients.inputs, geometry.batch * geometry.pixels() * channels);
  const Bands<Real> bands(geometry, gradient.data(), parallel);
  const int64_t parts = parts_of(bands.count(), count, reduced, parallel);
  const WeightSums<Real> sums(reduced, stride, parts);
  const Buffer<Real> kernels(parallel.threads * generated.tile * stride);
  const Buffer<Real> features(parallel.threads * generated.tile * padded);
  const Buffer<const Real*> under_taps(parallel.threads * taps);
  const Buffer<Real> zeros(padded);
  if (problem.missing() || pixels.missing() || upstream.missing() || generated.missing() ||
      transposed.missing() || gradient.missing() || bands.missing() || sums.missing() ||
      kernels.missing() || features.missing() || under_taps.missing() || zeros.missing()) {
    return false;
  }
  for (int64_t n = 0; n < padded; ++n) zeros.data()[n] = 0;
  transposed.fill(static_cast<const Number*>(generator.weights), 1, numbers, parallel);

  const auto tile_gradients = [&](int64_t part, int64_t first, int64_t end,
                                  const PixelRows<Real>& to, int64_t slot) {
    const Real* kernel = generated.of(first, end, slot);
    Real* kernel_gradient = kernels.data() + slot * generated.tile * stride;
    for_segments(geometry, first, end, [&](const Segment& segment) {
      const Real* outputs_gradient = upstream.data() + segment.index * channels;
      const int64_t offset = (segment.index - first) * stride;
      add_to_inputs(problem, segment, kernel + offset, stride, outputs_gradient, to);
      const auto result = [&](int64_t column) {
        return kernel_gradient + offset + (column - segment.first) * stride;
      };
      const auto finish = [&](int64_t column) {
        for (int64_t n = numbers; n < stride; ++n) result(column)[n] = 0;
      };
      kernel_gradients(problem, segment, pixels.data(), outputs_gradient,
                       under_taps.data() + slot * taps, result, finish);
    });
    Real* feature_gradient = features.data() + slot * generated.tile * padded;
    multiply(end - first, reduced, numbers, Left<Real>{kernel_gradient, stride, 1},
             transposed.right(), zeros.data(), feature_gradient, padded);
    Number* to_features = static_cast<Number*>(gradients.features) + first * reduced;
    for (int64_t window = 0; window < end - first; ++window) {
      narrow(feature_gradient + window * padded, reduced, to_features + window * reduced);
    }
    sums.add(part, end - first, generated.features(first), kernel_gradient, numbers);
  };
  in_parallel(parallel, parts, [&](int64_t part, int64_t slot) {
    sums.begin(part);
    const int64_t end_of_part = (part + 1) * bands.count() / parts;
    for (int64_t band = part * bands.count() / parts; band < end_of_part; ++band) {
      const PixelRows<Real> to = bands.begin(band);
      for_tiles(bands.first_window(band), bands.first_window(band + 1), generated.tile,
                [&](int64_t first, int64_t end) { tile_gradients(part, first, end, to, slot); });
    }
  });
  bands.finish(parallel);
  gradient.finish(parallel);
  sums.finish(numbers, static_cast<Number*>(gradients.weights),
              static_cast<Number*>(gradients.bias), parallel);
  return true;
}

// Calls call(number) with a number of the type.
template <class Call>
bool with_type(Type type, const Call& call) {
  switch (type) {
    case Type::kFloat32:
      return call(float());
    case Type::kFloat64:
      return call(double());
    case Type::kBFloat16:
      return call(BFloat16());
    case Type::kFloat16:
      return call(Float16());
  }
  return false;
}

bool outputs(const Geometry& geometry, Type type, const void* inputs, const void* kernels,
             const Epilogue& epilogue, void* outputs, const Parallel& parallel) {
  return with_type(type, [&](auto number) {
    using Number = decltype(number);
    const GivenKernels<Number> given(geometry, kernels, parallel);
    return outputs_of<Number>(geometry, inputs, given, epilogue, outputs, parallel);
  });
}

bool inputs(const Geometry& geometry, Type type, const void* kernels, const void* outputs,
            void* inputs, const Parallel& parallel) {
  return with_type(type, [&](auto number) {
    return inputs_of<decltype(number)>(geometry, kernels, outputs, inputs, parallel);
  });
}

bool kernels(const Geometry& geometry, Type type, const void* inputs, const void* outputs,
             void* kernels, const Parallel& parallel) {
  return with_type(type, [&](auto number) {
    return kernels_of<decltype(number)>(geometry, inputs, outputs, kernels, parallel);
  });
}

bool generated_outputs(const Geometry& geometry, Type type, const void* inputs,
                       const Generator& generator, const Epilogue& epilogue, void* outputs,
                       const Parallel& parallel) {
  return with_type(type, [&](auto number) {
    using Number = decltype(number);
    const GeneratedKernels<Number> generated(geometry, generator, parallel);
    return outputs_of<Number>(geometry, inputs, generated, epilogue, outputs, parallel);
  });
}

bool generated_gradients(const Geometry& geometry, Type type, const void* inputs,
                         const Generator& generator, const void* outputs,
                         const Gradients& gradients, const Parallel& parallel) {
  return with_type(type, [&](auto number) {
    return gradients_of_generated<decltype(number)>(geometry, inputs, generator, outputs, gradients,
                                                    parallel);
  });
}

#define INVOLUTION_NAME_OF(target) #target
#define INVOLUTION_NAME(target) INVOLUTION_NAME_OF(target)

}  // namespace

extern const Kernels kKernels;
const Kernels kKernels = {INVOLUTION_NAME(INVOLUTION_TARGET),
                          outputs,
                          inputs,
                          kernels,
                          generated_outputs,
                          generated_gradients};

}  // namespace INVOLUTION_TARGET
}  // namespace involution
