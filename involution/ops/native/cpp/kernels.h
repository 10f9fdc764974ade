// The sums of involution, as each instruction set offers them.
//
// With weights on the outputs, the sum of all outputs is a form that is linear in the inputs, in
// the kernels and in these weights. `outputs`, `inputs` and `kernels` are its derivatives by each
// of the three. In the generated form the kernel of a window is `features * weights + bias`, the
// last 1x1 convolution of the generator; it exists in a tile of windows only, in the cache.
#ifndef INVOLUTION_KERNELS_H_
#define INVOLUTION_KERNELS_H_

#include <cstdint>

#include "geometry.h"

namespace involution {

enum class Type { kFloat32, kFloat64, kBFloat16, kFloat16 };

// Runs body(argument, index, slot) for every index below count. Calls that run at the same time
// have different slots, from 0 to threads - 1.
struct Parallel {
  int64_t threads;
  void* pool;
  void (*run)(void* pool, int64_t count, void (*body)(void* argument, int64_t index, int64_t slot),
              void* argument);
};

enum class Activation { kNone, kRelu };

// What is done to an output before it is written: activation(output * scale + shift).
struct Epilogue {
  const void* scale;  // (channels,), or null for none
  const void* shift;  // (channels,), null if and only if scale is
  Activation activation;
};

// The last convolution of a generator: features (batch, out_height, out_width, reduced), weights
// (reduced, kernel numbers) and bias (kernel numbers,).
struct Generator {
  int64_t reduced;
  const void* features;
  const void* weights;
  const void* bias;
};

// Where the gradients of the generated form are written; the shapes are those of the arguments.
struct Gradients {
  void* inputs;
  void* features;
  void* weights;
  void* bias;
};

// One instruction set's functions. Each returns false if memory runs out.
struct Kernels {
  const char* name;
  bool (*outputs)(const Geometry&, Type, const void* inputs, const void* kernels, const Epilogue&,
                  void* outputs, const Parallel&);
  bool (*inputs)(const Geometry&, Type, const void* kernels, const void* outputs, void* inputs,
                 const Parallel&);
  bool (*kernels)(const Geometry&, Type, const void* inputs, const void* outputs, void* kernels,
                  const Parallel&);
  bool (*generated_outputs)(const Geometry&, Type, const void* inputs, const Generator&,
                            const Epilogue&, void* outputs, const Parallel&);
  bool (*generated_gradients)(const Geometry&, Type, const void* inputs, const Generator&,
                              const void* outputs, const Gradients&, const Parallel&);
};

// Counts scratch memory that a call takes (bytes > 0) or frees (bytes < 0).
void count_scratch(int64_t bytes);

// The most scratch memory that was taken at once since the last call of this function.
int64_t peak_scratch();

// The functions for the best instructions of this processor, or for none better than those that the
// environment variable INVOLUTION_INSTRUCTIONS names: "avx2" or "plain". Other values change
// nothing.
const Kernels& kernels();

}  // namespace involution

#endif  // INVOLUTION_KERNELS_H_
