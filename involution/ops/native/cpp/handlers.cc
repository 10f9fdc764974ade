// The sums as handlers of XLA's foreign function interface, for TensorFlow and JAX.
#include "checks.h"
#include "involution.h"
#include "kernels.h"
#include "threads.h"
#include "xla/ffi/api/ffi.h"

namespace involution {
namespace {

ffi::Error finished(bool done) {
  return done ? ffi::Error::Success()
              : ffi::Error(ffi::ErrorCode::kResourceExhausted, "involution: out of memory");
}

ffi::Error outputs(ffi::ThreadPool pool, Windows windows, int64_t activation, Tensor inputs,
                   Tensor kernel, Tensor scale, Tensor shift, Result outputs) {
  Call call;
  ffi::Error error = check_with_kernels(windows, inputs, kernel, *outputs, &call);
  if (error.failure()) return error;
  Epilogue epilogue;
  error = check_epilogue(inputs, scale, shift, activation, &epilogue);
  if (error.failure()) return error;
  return finished(kernels().outputs(call.geometry, call.type, inputs.untyped_data(),
                                    kernel.untyped_data(), epilogue, outputs->untyped_data(),
                                    parallel_on(pool)));
}

ffi::Error inputs(ffi::ThreadPool pool, Windows windows, Tensor kernel, Tensor outputs,
                  Result inputs) {
  Call call;
  ffi::Error error = check_with_kernels(windows, *inputs, kernel, outputs, &call);
  if (error.failure()) return error;
  return finished(kernels().inputs(call.geometry, call.type, kernel.untyped_data(),
                                   outputs.untyped_data(), inputs->untyped_data(),
                                   parallel_on(pool)));
}

ffi::Error kernel_gradient(ffi::ThreadPool pool, Windows windows, Tensor inputs, Tensor outputs,
                           Result kernel) {
  Call call;
  ffi::Error error = check_with_kernels(windows, inputs, *kernel, outputs, &call);
  if (error.failure()) return error;
  return finished(kernels().kernels(call.geometry, call.type, inputs.untyped_data(),
                                    outputs.untyped_data(), kernel->untyped_data(),
                                    parallel_on(pool)));
}

Generator generator_of(const Tensor& features, const Tensor& weights, const Tensor& bias) {
  return {features.dimensions().back(), features.untyped_data(), weights.untyped_data(),
          bias.untyped_data()};
}

ffi::Error generated_outputs(ffi::ThreadPool pool, Windows windows, int64_t activation,
                             Tensor inputs, Tensor features, Tensor weights, Tensor bias,
                             Tensor scale, Tensor shift, Result outputs) {
  Call call;
  ffi::Error error =
      check_with_generator(windows, inputs, features, weights, bias, *outputs, &call);
  if (error.failure()) return error;
  Epilogue epilogue;
  error = check_epilogue(inputs, scale, shift, activation, &epilogue);
  if (error.failure()) return error;
  return finished(kernels().generated_outputs(call.geometry, call.type, inputs.untyped_data(),
                                              generator_of(features, weights, bias), epilogue,
                                              outputs->untyped_data(), parallel_on(pool)));
}

ffi::Error generated_gradients(ffi::ThreadPool pool, Windows windows, Tensor inputs,
                               Tensor features, Tensor weights, Tensor bias, Tensor outputs,
                               Result to_inputs, Result to_features, Result to_weights,
                               Result to_bias) {
  Call call;
  ffi::Error error = check_with_generator(windows, inputs, features, weights, bias, outputs, &call);
  if (error.failure()) return error;
  error = check_with_generator(windows, *to_inputs, *to_features, *to_weights, *to_bias, outputs,
                               &call);
  if (error.failure()) return error;
  const Gradients gradients = {to_inputs->untyped_data(), to_features->untyped_data(),
                               to_weights->untyped_data(), to_bias->untyped_data()};
  return finished(kernels().generated_gradients(
      call.geometry, call.type, inputs.untyped_data(), generator_of(features, weights, bias),
      outputs.untyped_data(), gradients, parallel_on(pool)));
}

}  // namespace
}  // namespace involution

// JAX registers the symbols themselves.
#if !defined(_WIN32)
#pragma GCC visibility push(default)
#endif

// The start of each handler's binding: the pool and the windows.
static auto bound() {
  return involution::ffi::Ffi::Bind().Ctx<involution::ffi::ThreadPool>().Attr<involution::Windows>(
      "windows");
}

XLA_FFI_DEFINE_HANDLER_SYMBOL(involution_handler_outputs, involution::outputs,
                              bound()
                                  .Attr<int64_t>("activation")
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Ret<involution::Tensor>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(
    involution_handler_inputs, involution::inputs,
    bound().Arg<involution::Tensor>().Arg<involution::Tensor>().Ret<involution::Tensor>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(
    involution_handler_kernels, involution::kernel_gradient,
    bound().Arg<involution::Tensor>().Arg<involution::Tensor>().Ret<involution::Tensor>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(involution_handler_generated_outputs, involution::generated_outputs,
                              bound()
                                  .Attr<int64_t>("activation")
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Ret<involution::Tensor>());
XLA_FFI_DEFINE_HANDLER_SYMBOL(involution_handler_generated_gradients,
                              involution::generated_gradients,
                              bound()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Arg<involution::Tensor>()
                                  .Ret<involution::Tensor>()
                                  .Ret<involution::Tensor>()
                                  .Ret<involution::Tensor>()
                                  .Ret<involution::Tensor>());

#if !defined(_WIN32)
#pragma GCC visibility pop
#endif

// Registers all handlers with a runtime for its CPU. Returns how many it refused.
extern "C" INVOLUTION_EXPORT int involution_register(const XLA_FFI_Api* api) {
  using involution::ffi::Ffi;
  int refused = 0;
  const auto add = [&](const char* name, XLA_FFI_Handler* handler) {
    XLA_FFI_Error* error = Ffi::RegisterStaticHandler(api, name, "Host", handler);
    if (error == nullptr) return;
    ++refused;
    XLA_FFI_Error_Destroy_Args arguments = {XLA_FFI_Error_Destroy_Args_STRUCT_SIZE, nullptr, error};
    api->XLA_FFI_Error_Destroy(&arguments);
  };
  add("involution_outputs", involution_handler_outputs);
  add("involution_inputs", involution_handler_inputs);
  add("involution_kernels", involution_handler_kernels);
  add("involution_generated_outputs", involution_handler_generated_outputs);
  add("involution_generated_gradients", involution_handler_generated_gradients);
  return refused;
}
