// The plain C interface.
#include "involution.h"
#include "kernels.h"

namespace involution {
namespace {

void run_here(void*, int64_t count, void (*body)(void*, int64_t, int64_t), void* argument) {
  for (int64_t index = 0; index < count; ++index) body(argument, index, 0);
}

Parallel parallel_of(const InvolutionThreads* threads) {
  if (threads == nullptr || threads->run == nullptr) return {1, nullptr, run_here};
  return {threads->threads, threads->pool, threads->run};
}

Line line_of(const InvolutionLine& line) {
  return {line.size, line.windows, line.taps, line.stride, line.dilation, line.before};
}

bool is_usable(const InvolutionThreads* threads) {
  return threads == nullptr || threads->run == nullptr || threads->threads > 0;
}

bool is_complete(const Epilogue& epilogue) {
  return (epilogue.scale == nullptr) == (epilogue.shift == nullptr) &&
         (epilogue.activation == Activation::kNone || epilogue.activation == Activation::kRelu);
}

// Checks the problem and calls `call` with what the kernels take.
template <class Call>
int checked(const InvolutionProblem* problem, const InvolutionThreads* threads, const Call& call) {
  const Geometry geometry = {problem->batch, problem->channels, problem->groups,
                             line_of(problem->rows), line_of(problem->columns)};
  if (!is_valid(geometry) || !is_usable(threads) || problem->type < 0 || problem->type > 3)
    return 2;
  return call(geometry, static_cast<Type>(problem->type), parallel_of(threads)) ? 0 : 1;
}

}  // namespace
}  // namespace involution

using involution::Activation;
using involution::checked;
using involution::Epilogue;
using involution::Geometry;
using involution::is_complete;
using involution::kernels;
using involution::Parallel;
using involution::Type;

extern "C" {

const char* involution_instructions(void) { return kernels().name; }

int64_t involution_peak_scratch(void) { return involution::peak_scratch(); }

int involution_outputs(const InvolutionProblem* problem, const void* inputs, const void* kernel,
                       const void* scale, const void* shift, int32_t activation, void* outputs,
                       const InvolutionThreads* threads) {
  const Epilogue epilogue = {scale, shift, static_cast<Activation>(activation)};
  if (!is_complete(epilogue)) return 2;
  return checked(problem, threads, [&](const Geometry& g, Type type, const Parallel& parallel) {
    return kernels().outputs(g, type, inputs, kernel, epilogue, outputs, parallel);
  });
}

int involution_inputs(const InvolutionProblem* problem, const void* kernel, const void* outputs,
                      void* inputs, const InvolutionThreads* threads) {
  return checked(problem, threads, [&](const Geometry& g, Type type, const Parallel& parallel) {
    return kernels().inputs(g, type, kernel, outputs, inputs, parallel);
  });
}

int involution_kernels(const InvolutionProblem* problem, const void* inputs, const void* outputs,
                       void* kernel, const InvolutionThreads* threads) {
  return checked(problem, threads, [&](const Geometry& g, Type type, const Parallel& parallel) {
    return kernels().kernels(g, type, inputs, outputs, kernel, parallel);
  });
}

int involution_generated_outputs(const InvolutionProblem* problem, int64_t reduced,
                                 const void* inputs, const void* features, const void* weights,
                                 const void* bias, const void* scale, const void* shift,
                                 int32_t activation, void* outputs,
                                 const InvolutionThreads* threads) {
  const Epilogue epilogue = {scale, shift, static_cast<Activation>(activation)};
  if (!is_complete(epilogue) || reduced < 1) return 2;
  return checked(problem, threads, [&](const Geometry& g, Type type, const Parallel& parallel) {
    return kernels().generated_outputs(g, type, inputs, {reduced, features, weights, bias},
                                       epilogue, outputs, parallel);
  });
}

int involution_generated_gradients(const InvolutionProblem* problem, int64_t reduced,
                                   const void* inputs, const void* features, const void* weights,
                                   const void* bias, const void* outputs, void* to_inputs,
                                   void* to_features, void* to_weights, void* to_bias,
                                   const InvolutionThreads* threads) {
  if (reduced < 1) return 2;
  return checked(problem, threads, [&](const Geometry& g, Type type, const Parallel& parallel) {
    return kernels().generated_gradients(g, type, inputs, {reduced, features, weights, bias},
                                         outputs, {to_inputs, to_features, to_weights, to_bias},
                                         parallel);
  });
}

}  // extern "C"
