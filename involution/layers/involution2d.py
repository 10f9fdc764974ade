"""The involution layer."""

from typing import Any

import keras
from keras import ops

from involution.geometry import (
    Padding,
    at_least_zero,
    checked_padding,
    output_sizes,
    pair,
    positive,
)
from involution.layers.pointwise import PointwiseConv2D
from involution.ops import checked_implementation, involve
from involution.ops.once import compiled_with_others, computed_once


@keras.saving.register_keras_serializable(package="involution")
class Involution2D(keras.layers.Layer):
    """Involution: a kernel generated from the input at each position, shared by channels.

    A generator maps the input to `kernel_size * kernel_size * groups` channels, the kernels,
    and each window of the input is multiplied by the kernel of its own position and summed
    (Li et al., "Involution: Inverting the Inherence of Convolution for Visual Recognition",
    CVPR 2021). The number of channels does not change.

    The generator sees, for each output position, the `strides` x `strides` pixels at the
    window, average-pooled. With "same" padding the input is pooled with "same" padding. With
    "valid" or integer padding the pooled pixels start at the centre of the window, and pixels
    outside the input are zero; with padding `(kernel_size - 1) // 2`, as in the paper's own
    code, this is plain pooling of the input.

    Args:
        kernel_size: odd integer or two, taps of a window. Default 7.
        strides: integer or two, pixels from one window to the next. Default 1.
        padding: "same" (TensorFlow's SAME), "valid", or an integer: that many zeros on every
            side. Default "same".
        dilation_rate: integer or two, pixels from one tap to the next. Default 1.
        groups: integer that divides the channels; each group of channels // groups
            neighbouring channels shares a kernel. The paper uses channels // 16. Default 1.
        kernel_generator: a layer to use in place of the paper's bottleneck (1x1 convolution,
            batch normalization, ReLU, 1x1 convolution). It gets the pooled input, always with
            channels last, and returns as many pixels with
            kernel_height * kernel_width * groups channels; channel
            (i * kernel_width + j) * groups + g is tap (i, j) of group g. What is said of the
            bottleneck below then has no effect. Default None.
        reduction_ratio: the bottleneck has channels // reduction_ratio channels, at least one.
            Default 4.
        implementation: how the sum is computed: "fused", "patches", or "auto" for the faster
            one that can run, see `involve`. Default "auto".
        data_format: "channels_last" or "channels_first". Default: Keras's setting.
        activation: applied to the outputs, as for any Keras convolution. Default None.
        kernel_initializer: for the weights of the bottleneck's convolutions.
        bias_initializer: for the bias of the bottleneck's second convolution.
        kernel_regularizer: for the weights of the bottleneck's convolutions.
        bias_regularizer: for the bias of the bottleneck's second convolution.
        kernel_constraint: for the weights of the bottleneck's convolutions.
        bias_constraint: for the bias of the bottleneck's second convolution.
        **kwargs: as for any Keras layer: name, dtype, trainable, activity_regularizer.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width); batch, height and
        width may be unknown and may change from call to call.

    Output shape:
        (batch, out_height, out_width, channels), or (batch, channels, out_height, out_width).
        With `return_kernels=True` also the kernels: (batch, out_height, out_width,
        kernel_height, kernel_width, groups).

    Raises:
        ValueError: if an argument is out of range, or the channels are unknown or not divisible
            by `groups` when the layer is built.

    Example:
        >>> import numpy as np
        >>> layer = Involution2D(kernel_size=7, groups=4)
        >>> outputs = layer(np.ones((2, 32, 32, 64), "float32"))
        >>> outputs, kernels = layer(np.ones((2, 20, 30, 64), "float32"), return_kernels=True)
        >>> tuple(outputs.shape), tuple(kernels.shape)
        ((2, 20, 30, 64), (2, 20, 30, 7, 7, 4))
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int] = 7,
        strides: int | tuple[int, int] = 1,
        padding: Padding = "same",
        dilation_rate: int | tuple[int, int] = 1,
        groups: int = 1,
        reduction_ratio: int = 4,
        kernel_generator: keras.layers.Layer | None = None,
        implementation: str = "auto",
        data_format: str | None = None,
        activation: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.kernel_size = pair(kernel_size, "kernel_size")
        if not all(size % 2 for size in self.kernel_size):
            raise ValueError(
                "`kernel_size` must be odd, so that a window has a centre. "
                f"Received: kernel_size={kernel_size}"
            )
        self.strides = pair(strides, "strides")
        self.padding = checked_padding(padding)
        self.dilation_rate = pair(dilation_rate, "dilation_rate")
        self.groups = positive(groups, "groups")
        self.reduction_ratio = positive(reduction_ratio, "reduction_ratio")
        if kernel_generator is not None and not isinstance(kernel_generator, keras.layers.Layer):
            raise ValueError(
                f"`kernel_generator` must be a Keras layer. Received: {kernel_generator!r}"
            )
        self.kernel_generator: Any = kernel_generator
        self._has_own_generator = kernel_generator is None
        checked_implementation(implementation)
        self.implementation = implementation
        self.data_format = keras.config.image_data_format() if data_format is None else data_format
        if self.data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                '`data_format` must be "channels_last" or "channels_first". '
                f"Received: data_format={data_format!r}"
            )
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)

    def build(self, input_shape):
        """Create the generator for the channels of `input_shape`."""
        channels_axis = 1 if self.data_format == "channels_first" else 3
        channels = input_shape[channels_axis] if len(input_shape) == 4 else None
        if channels is None:
            raise ValueError(
                "The input must have four dimensions and its channels must be known. "
                f"Received: input_shape={input_shape}"
            )
        if channels % self.groups:
            raise ValueError(
                "`groups` must divide the channels. "
                f"Received: groups={self.groups}, channels={channels}"
            )
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={channels_axis: channels})
        batch, out_height, out_width, *window = self._kernels_shape(input_shape)
        if self._has_own_generator:
            self.kernel_generator = self._bottleneck(channels)
        pooled_shape = (batch, out_height, out_width, channels)
        if not self.kernel_generator.built:
            self.kernel_generator.build(pooled_shape)
        generated = tuple(self.kernel_generator.compute_output_shape(pooled_shape))
        expected = (batch, out_height, out_width, window[0] * window[1] * window[2])
        if generated != expected:
            raise ValueError(
                "`kernel_generator` must return kernel_height * kernel_width * groups channels "
                f"for each output position: {expected}. Received: {generated}"
            )

    def call(self, inputs, training=None, return_kernels=False):
        """Return the outputs, or (outputs, kernels)."""
        channels_first = self.data_format == "channels_first"
        inputs = ops.cast(inputs, self.compute_dtype)  # images may be integers
        if channels_first:
            inputs = ops.transpose(inputs, (0, 2, 3, 1))
        if compiled_with_others():
            inputs = computed_once(inputs)  # not for the generator and anew for the core
        # The scopes name the two parts in a profiler's trace.
        with keras.name_scope("kernel_generation"):
            generated = ops.cast(self.kernel_generator(self._pool(inputs)), inputs.dtype)
            positions = ops.shape(generated)[:3]
            kernels = ops.reshape(generated, (*positions, *self.kernel_size, self.groups))
        with keras.name_scope("core"):
            outputs = involve(
                inputs, kernels, self.strides, self.dilation_rate, self.padding, self.implementation
            )
        outputs = self.activation(outputs)
        if channels_first:
            outputs = ops.transpose(outputs, (0, 3, 1, 2))
        return (outputs, kernels) if return_kernels else outputs

    def compute_output_shape(self, input_shape):
        """Return the shape of the outputs for inputs of `input_shape`."""
        batch, *sizes = self._kernels_shape(input_shape)[:3]
        if self.data_format == "channels_first":
            return (batch, input_shape[1], *sizes)
        return (batch, *sizes, input_shape[3])

    def compute_output_spec(self, inputs, training=None, return_kernels=False):
        """Return symbolic outputs for symbolic inputs."""
        outputs = keras.KerasTensor(self.compute_output_shape(inputs.shape), self.compute_dtype)
        if not return_kernels:
            return outputs
        return outputs, keras.KerasTensor(self._kernels_shape(inputs.shape), self.compute_dtype)

    def get_config(self):
        """Return the arguments that make this layer again."""
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "dilation_rate": self.dilation_rate,
            "groups": self.groups,
            "reduction_ratio": self.reduction_ratio,
            "kernel_generator": (
                None if self._has_own_generator else serialize(self.kernel_generator)
            ),
            "implementation": self.implementation,
            "data_format": self.data_format,
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": serialize(self.kernel_initializer),
            "bias_initializer": serialize(self.bias_initializer),
            "kernel_regularizer": serialize(self.kernel_regularizer),
            "bias_regularizer": serialize(self.bias_regularizer),
            "kernel_constraint": serialize(self.kernel_constraint),
            "bias_constraint": serialize(self.bias_constraint),
        }

    @classmethod
    def from_config(cls, config):
        """Return a layer made from the result of `get_config`."""
        generator = config.get("kernel_generator")
        if isinstance(generator, dict):
            config = {
                **config,
                "kernel_generator": keras.saving.deserialize_keras_object(generator),
            }
        return cls(**config)

    def _kernels_shape(self, input_shape):
        sizes = input_shape[2:4] if self.data_format == "channels_first" else input_shape[1:3]
        windows = output_sizes(
            sizes, self.kernel_size, self.strides, self.dilation_rate, self.padding
        )
        return (input_shape[0], *windows, *self.kernel_size, self.groups)

    def _bottleneck(self, channels: int) -> keras.Sequential:
        """Return the paper's generator: its first convolution has no bias, its second has."""

        def convolution(filters: int, **bias: Any) -> keras.layers.Layer:
            initializer = self.kernel_initializer
            return PointwiseConv2D(
                filters,
                dtype=self.dtype_policy,
                # One initializer gives both convolutions the same numbers.
                kernel_initializer=getattr(initializer, "clone", lambda: initializer)(),
                kernel_regularizer=self.kernel_regularizer,
                kernel_constraint=self.kernel_constraint,
                **bias,
            )

        return keras.Sequential(
            [
                convolution(max(channels // self.reduction_ratio, 1), use_bias=False),
                keras.layers.BatchNormalization(
                    momentum=0.9, epsilon=1e-5, dtype=self.dtype_policy
                ),
                keras.layers.ReLU(dtype=self.dtype_policy),
                convolution(
                    self.kernel_size[0] * self.kernel_size[1] * self.groups,
                    bias_initializer=self.bias_initializer,
                    bias_regularizer=self.bias_regularizer,
                    bias_constraint=self.bias_constraint,
                ),
            ],
            name="kernel_generator",
        )

    def _pool(self, inputs):
        """Return, for each output position, the average of the pixels at its window."""
        if self.padding != "same":
            inputs = self._align(inputs)
        if self.strides == (1, 1):
            return inputs
        padding = "same" if self.padding == "same" else "valid"
        return ops.average_pool(
            inputs, self.strides, self.strides, padding, data_format="channels_last"
        )

    def _align(self, inputs):
        """Crop or pad the input to the pixels from the first window's centre to the last's."""
        sizes = ops.shape(inputs)[1:3]
        windows = output_sizes(
            sizes, self.kernel_size, self.strides, self.dilation_rate, self.padding
        )
        zeros = 0 if self.padding == "valid" else int(self.padding)
        amounts, spans = [], []
        for size, count, kernel_size, stride, dilation in zip(
            sizes, windows, self.kernel_size, self.strides, self.dilation_rate, strict=True
        ):
            start = (kernel_size - 1) // 2 * dilation - zeros
            span = count * stride
            amounts.append((at_least_zero(-start), at_least_zero(start + span - size)))
            spans.append(slice(max(start, 0), max(start, 0) + span))
        return ops.pad(inputs, [(0, 0), *amounts, (0, 0)])[:, spans[0], spans[1]]
