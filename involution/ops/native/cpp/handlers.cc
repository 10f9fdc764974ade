// The kernels as handlers of XLA's foreign function interface.
#include "kernels.h"
#include "xla/ffi/api/ffi.h"

namespace ffi = xla::ffi;

static ffi::Error sum(ffi::Buffer<ffi::F32> inputs, ffi::Buffer<ffi::F32> kernels,
                      ffi::ResultBuffer<ffi::F32> outputs) {
  const auto x = inputs.dimensions(), k = kernels.dimensions();
  const involution::Sizes sizes{x[1], x[2], x[3], k[3], k[5]};
  const involution::Row sum_row = involution::best_row();
  for (int64_t row = 0; row < x[0] * x[1]; ++row) {
    const int64_t image = row / x[1], position = row * x[2];
    sum_row(sizes, row % x[1], inputs.typed_data() + image * x[1] * x[2] * x[3],
            kernels.typed_data() + position * k[3] * k[4] * k[5],
            outputs->typed_data() + position * x[3]);
  }
  return ffi::Error::Success();
}

XLA_FFI_DEFINE_HANDLER_SYMBOL(InvolutionSum, sum,
                              ffi::Ffi::Bind()
                                  .Arg<ffi::Buffer<ffi::F32>>()
                                  .Arg<ffi::Buffer<ffi::F32>>()
                                  .Ret<ffi::Buffer<ffi::F32>>());

// Registers the handlers with a program; returns how many it refused.
INVOLUTION_EXPORT int involution_register(const XLA_FFI_Api* api) {
  return ffi::Ffi::RegisterStaticHandler(api, "involution_sum", "Host", InvolutionSum) != nullptr;
}
