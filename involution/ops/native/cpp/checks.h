// Checks of what a graph passes to a handler: wrong shapes give an error and no crash.
#ifndef INVOLUTION_CHECKS_H_
#define INVOLUTION_CHECKS_H_

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>

#include "kernels.h"
#include "xla/ffi/api/ffi.h"

namespace involution {

namespace ffi = xla::ffi;
using Tensor = ffi::AnyBuffer;
using Result = ffi::Result<ffi::AnyBuffer>;

// What the shapes of a call's tensors do not say of its windows.
struct Windows {
  int64_t kernel_rows, kernel_columns;
  int64_t stride_rows, stride_columns;
  int64_t dilation_rows, dilation_columns;
  int64_t padding;  // zeros on every side, or -1 for TensorFlow's SAME
};

}  // namespace involution

XLA_FFI_REGISTER_STRUCT_ATTR_DECODING(::involution::Windows,
                                      ::xla::ffi::StructMember<int64_t>("kernel_rows"),
                                      ::xla::ffi::StructMember<int64_t>("kernel_columns"),
                                      ::xla::ffi::StructMember<int64_t>("stride_rows"),
                                      ::xla::ffi::StructMember<int64_t>("stride_columns"),
                                      ::xla::ffi::StructMember<int64_t>("dilation_rows"),
                                      ::xla::ffi::StructMember<int64_t>("dilation_columns"),
                                      ::xla::ffi::StructMember<int64_t>("padding"));

namespace involution {

inline ffi::Error invalid(const std::string& message) {
  return ffi::Error(ffi::ErrorCode::kInvalidArgument, "involution: " + message);
}

inline std::optional<Type> type_of(ffi::DataType type) {
  switch (type) {
    case ffi::DataType::F32:
      return Type::kFloat32;
    case ffi::DataType::F64:
      return Type::kFloat64;
    case ffi::DataType::BF16:
      return Type::kBFloat16;
    case ffi::DataType::F16:
      return Type::kFloat16;
    default:
      return std::nullopt;
  }
}

template <class Sizes>
std::string text_of(const Sizes& sizes) {
  std::string text = "(";
  for (const int64_t size : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + ")";
}
inline std::string text_of(std::initializer_list<int64_t> sizes) {
  return text_of<std::initializer_list<int64_t>>(sizes);
}

// Returns whether the tensor has these sizes.
inline bool has_sizes(const Tensor& tensor, std::initializer_list<int64_t> sizes) {
  const auto received = tensor.dimensions();
  return received.size() == sizes.size() &&
         std::equal(sizes.begin(), sizes.end(), received.begin());
}

inline Line line_of(int64_t size, int64_t taps, int64_t stride, int64_t dilation, int64_t padding) {
  const int64_t extent = (taps - 1) * dilation + 1;
  if (padding < 0) {
    const int64_t windows = (size + stride - 1) / stride;
    const int64_t zeros = std::max<int64_t>((windows - 1) * stride + extent - size, 0);
    return {size, windows, taps, stride, dilation, zeros / 2};
  }
  const int64_t room = size + 2 * padding - extent;
  return {size, room < 0 ? 0 : room / stride + 1, taps, stride, dilation, padding};
}

// A call whose tensors have been checked.
struct Call {
  Geometry geometry;
  Type type;
};

inline ffi::Error check(const Windows& windows) {
  const auto in_range = [](std::initializer_list<int64_t> sizes) {
    return std::all_of(sizes.begin(), sizes.end(), [](int64_t size) { return is_size(size, 1); });
  };
  if (in_range({windows.kernel_rows, windows.kernel_columns, windows.stride_rows,
                windows.stride_columns, windows.dilation_rows, windows.dilation_columns}) &&
      is_size(windows.padding, -1)) {
    return ffi::Error::Success();
  }
  return invalid(
      "expected kernel size, strides and dilation from 1 to 2^30, and padding up to 2^30. "
      "Received: kernel_size=" +
      text_of({windows.kernel_rows, windows.kernel_columns}) +
      ", strides=" + text_of({windows.stride_rows, windows.stride_columns}) +
      ", dilation=" + text_of({windows.dilation_rows, windows.dilation_columns}) +
      ", padding=" + std::to_string(windows.padding));
}

// Checks the tensors that all calls have: inputs and outputs, and the number of groups. The windows
// have been checked.
inline ffi::Error check(const Windows& windows, const Tensor& inputs, const Tensor& outputs,
                        int64_t groups, Call* call) {
  const auto sizes = inputs.dimensions();
  const std::optional<Type> type = type_of(inputs.element_type());
  if (!type || outputs.element_type() != inputs.element_type()) {
    return invalid("expected tensors of one floating-point type");
  }
  if (sizes.size() != 4 || groups < 1 || sizes[3] < 1 || sizes[3] % groups != 0) {
    return invalid(
        "expected inputs (batch, height, width, channels) whose channels the groups "
        "divide. Received: inputs.shape=" +
        text_of(sizes) + ", groups=" + std::to_string(groups));
  }
  if (!is_size(sizes[1], 0) || !is_size(sizes[2], 0)) {
    return invalid("expected height and width up to 2^30. Received: inputs.shape=" +
                   text_of(sizes));
  }
  const Geometry geometry = {sizes[0], sizes[3], groups,
                             line_of(sizes[1], windows.kernel_rows, windows.stride_rows,
                                     windows.dilation_rows, windows.padding),
                             line_of(sizes[2], windows.kernel_columns, windows.stride_columns,
                                     windows.dilation_columns, windows.padding)};
  if (!is_valid(geometry)) {
    return invalid("windows are too large. Received: inputs.shape=" + text_of(sizes));
  }
  if (!has_sizes(outputs, {sizes[0], geometry.rows.windows, geometry.columns.windows, sizes[3]})) {
    return invalid("expected one output for each window. Received: inputs.shape=" + text_of(sizes) +
                   ", outputs.shape=" + text_of(outputs.dimensions()));
  }
  *call = {geometry, *type};
  return ffi::Error::Success();
}

// Checks the kernels of a call, too.
inline ffi::Error check_with_kernels(const Windows& windows, const Tensor& inputs,
                                     const Tensor& kernels, const Tensor& outputs, Call* call) {
  ffi::Error error = check(windows);
  if (error.failure()) return error;
  const auto sizes = kernels.dimensions();
  const int64_t groups = sizes.size() == 6 ? sizes[5] : 0;
  error = check(windows, inputs, outputs, groups, call);
  if (error.failure()) return error;
  const Geometry& g = call->geometry;
  if (!has_sizes(kernels, {g.batch, g.rows.windows, g.columns.windows, g.rows.taps, g.columns.taps,
                           g.groups}) ||
      kernels.element_type() != inputs.element_type()) {
    return invalid(
        "expected one kernel for each window, of the type of the "
        "inputs. Received: inputs.shape=" +
        text_of(inputs.dimensions()) + ", kernels.shape=" + text_of(sizes));
  }
  return error;
}

// Checks the generator of a call, too.
inline ffi::Error check_with_generator(const Windows& windows, const Tensor& inputs,
                                       const Tensor& features, const Tensor& weights,
                                       const Tensor& bias, const Tensor& outputs, Call* call) {
  ffi::Error error = check(windows);
  if (error.failure()) return error;
  const int64_t taps = windows.kernel_rows * windows.kernel_columns;
  const int64_t numbers = int64_t(bias.element_count());
  error = check(windows, inputs, outputs, numbers % taps == 0 ? numbers / taps : 0, call);
  if (error.failure()) return error;
  const Geometry& g = call->geometry;
  const auto sizes = features.dimensions();
  const int64_t reduced = sizes.size() == 4 ? sizes[3] : -1;
  if (!has_sizes(features, {g.batch, g.rows.windows, g.columns.windows, reduced}) ||
      !has_sizes(weights, {reduced, numbers}) || !has_sizes(bias, {numbers}) || reduced < 1 ||
      features.element_type() != inputs.element_type() ||
      weights.element_type() != inputs.element_type() ||
      bias.element_type() != inputs.element_type()) {
    return invalid(
        "expected features for each window, weights (features, kernel numbers) and bias "
        "(kernel numbers,), of the type of the inputs. Received: inputs.shape=" +
        text_of(inputs.dimensions()) + ", features.shape=" + text_of(sizes) + ", weights.shape=" +
        text_of(weights.dimensions()) + ", bias.shape=" + text_of(bias.dimensions()));
  }
  return error;
}

// Scale and shift may have no elements, for none.
inline ffi::Error check_epilogue(const Tensor& inputs, const Tensor& scale, const Tensor& shift,
                                 int64_t activation, Epilogue* epilogue) {
  const int64_t channels = inputs.dimensions().back();
  const int64_t count = int64_t(scale.element_count());
  if ((count != 0 && count != channels) || !has_sizes(scale, {count}) ||
      !has_sizes(shift, {count}) || activation < 0 || activation > 1 ||
      scale.element_type() != inputs.element_type() ||
      shift.element_type() != inputs.element_type()) {
    return invalid(
        "expected scale and shift (channels,) of the type of the inputs, and an activation "
        "0 or 1. Received: scale.shape=" +
        text_of(scale.dimensions()) + ", shift.shape=" + text_of(shift.dimensions()) +
        ", activation=" + std::to_string(activation));
  }
  *epilogue = {count ? scale.untyped_data() : nullptr, count ? shift.untyped_data() : nullptr,
               static_cast<Activation>(activation)};
  return ffi::Error::Success();
}

}  // namespace involution

#endif  // INVOLUTION_CHECKS_H_
