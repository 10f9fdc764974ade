/* The plain C interface: pointers and sizes, no framework.
 *
 * Tensors are dense and row-major, see geometry.h. Each function returns 0, or 1 if memory ran out,
 * or 2 if an argument is out of range. */
#ifndef INVOLUTION_H_
#define INVOLUTION_H_

#include <stdint.h>

#if defined(_WIN32)
#define INVOLUTION_EXPORT __declspec(dllexport)
#else
#define INVOLUTION_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One dimension: pixels, windows, taps of a window, stride, dilation, zeros before the image. */
typedef struct {
  int64_t size, windows, taps, stride, dilation, before;
} InvolutionLine;

typedef struct {
  int64_t batch, channels, groups;
  InvolutionLine rows, columns;
  int32_t type; /* 0: float32, 1: float64, 2: bfloat16, 3: float16 */
} InvolutionProblem;

/* Runs body(argument, index, slot) for each index below count; calls at the same time have
 * different slots below `threads`. With a null `run`, the calling thread does all. */
typedef struct {
  int64_t threads;
  void* pool;
  void (*run)(void* pool, int64_t count, void (*body)(void* argument, int64_t index, int64_t slot),
              void* argument);
} InvolutionThreads;

/* The name of the instruction set in use: "avx512", "avx2" or "plain". */
INVOLUTION_EXPORT const char* involution_instructions(void);

/* The most bytes of scratch memory that were held at once since the last call of this function. */
INVOLUTION_EXPORT int64_t involution_peak_scratch(void);

/* scale and shift (channels,) may be null; activation is 0 for none, 1 for ReLU. */
INVOLUTION_EXPORT int involution_outputs(const InvolutionProblem* problem, const void* inputs,
                                         const void* kernels, const void* scale, const void* shift,
                                         int32_t activation, void* outputs,
                                         const InvolutionThreads* threads);

INVOLUTION_EXPORT int involution_inputs(const InvolutionProblem* problem, const void* kernels,
                                        const void* outputs, void* inputs,
                                        const InvolutionThreads* threads);

INVOLUTION_EXPORT int involution_kernels(const InvolutionProblem* problem, const void* inputs,
                                         const void* outputs, void* kernels,
                                         const InvolutionThreads* threads);

INVOLUTION_EXPORT int involution_generated_outputs(const InvolutionProblem* problem,
                                                   int64_t reduced, const void* inputs,
                                                   const void* features, const void* weights,
                                                   const void* bias, const void* scale,
                                                   const void* shift, int32_t activation,
                                                   void* outputs, const InvolutionThreads* threads);

INVOLUTION_EXPORT int involution_generated_gradients(
    const InvolutionProblem* problem, int64_t reduced, const void* inputs, const void* features,
    const void* weights, const void* bias, const void* outputs, void* to_inputs, void* to_features,
    void* to_weights, void* to_bias, const InvolutionThreads* threads);

#ifdef __cplusplus
}
#endif

#endif /* INVOLUTION_H_ */
