"""The involution layer."""

from collections.abc import Sequence
from math import prod
from typing import Any, Self, TypeAlias

import keras
from keras import ops

from involution.geometry import Padding, checked_padding, odd_pair, output_sizes, pair, positive
from involution.layers.data_format import DataFormat, checked_data_format
from involution.layers.generator import (
    bottleneck,
    built,
    checked_generator,
    ends_in_convolution,
    freeze_in_frozen,
    serialized,
    unfinished,
)
from involution.layers.pooling import pooled_at_windows
from involution.ops import (
    Implementation,
    checked_implementation,
    generates_in_place,
    involve,
    involve_generated,
)
from involution.ops.types import Epilogue, Tensor, Windows

# Sizes of a tensor, None where unknown.
Shape: TypeAlias = Sequence[int | None]


@keras.saving.register_keras_serializable(package="involution")
class Involution2D(keras.layers.Layer):
    """Involution: a kernel generated from the input at each position, shared by channels.

    A generator maps the input to `kernel_size * kernel_size * groups` channels, the kernels.
    Each window of the input is multiplied by the kernel of its own position and summed
    (Li et al., "Involution: Inverting the Inherence of Convolution for Visual Recognition",
    CVPR 2021). The number of channels does not change.

    The generator gets, for each output position, the average of the `strides` x `strides` pixels
    at the window. With "same" padding the input is pooled with "same" padding. With "valid" or
    integer padding the pooled pixels start at the centre of the window, and pixels outside the
    input are zero. With padding `(kernel_size - 1) // 2`, as in the paper's own code, this is plain
    pooling of the input.

    Args:
        kernel_size: taps of a window, an odd integer or (vertical, horizontal). Default 7.
        strides: pixels from one window to the next, an integer or two. Default 1.
        padding: "same" (TensorFlow's SAME), "valid", or an integer: that many zeros on every
            side. Default "same".
        dilation_rate: pixels from one tap to the next, an integer or two. Default 1.
        groups: integer that divides the channels. Each group of channels // groups adjacent
            channels shares a kernel. The paper uses channels // 16. Default 1.
        reduction_ratio: the bottleneck has channels // reduction_ratio channels, at least one.
            Default 4.
        kernel_generator: a layer or model to use in place of the paper's bottleneck (1x1
            convolution, batch normalisation, ReLU, 1x1 convolution). It gets the pooled input,
            always with channels last, and returns kernel_height * kernel_width * groups channels
            for each pixel. Channel (i * kernel_width + j) * groups + g is tap (i, j) of group g.
            The arguments of the bottleneck then have no effect: `reduction_ratio`, initializers,
            regularizers and constraints. Default None.
        implementation: how the sum is computed, one of the names that `involve` takes. Default
            "auto", the fastest one that can run.
        data_format: "channels_last" or "channels_first". Default: Keras's setting.
        activation: applied to the outputs, as for any Keras convolution. Default None.
        kernel_initializer: for the weights of the bottleneck's convolutions. Default
            "glorot_uniform".
        bias_initializer: for the bias of the bottleneck's second convolution. Default "zeros".
        kernel_regularizer: for the weights of the bottleneck's convolutions. Default None.
        bias_regularizer: for the bias of the bottleneck's second convolution. Default None.
        kernel_constraint: for the weights of the bottleneck's convolutions. Default None.
        bias_constraint: for the bias of the bottleneck's second convolution. Default None.
        **kwargs: as for any Keras layer: name, dtype, trainable, activity_regularizer.

    Input shape:
        (batch, height, width, channels), or (batch, channels, height, width). Batch, height and
        width may be unknown, and may change from call to call.

    Output shape:
        (batch, out_height, out_width, channels), or (batch, channels, out_height, out_width).
        Called with `return_kernels=True`, the layer returns a pair: these outputs, and the kernels
        (batch, out_height, out_width, kernel_height, kernel_width, groups).

    Raises:
        ValueError: if an argument is out of range, or the channels are unknown or not divisible
            by `groups` when the layer is built, or the implementation that is asked for by name
            cannot run when the layer is called.

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
        *,
        strides: int | tuple[int, int] = 1,
        padding: Padding = "same",
        dilation_rate: int | tuple[int, int] = 1,
        groups: int = 1,
        reduction_ratio: int = 4,
        kernel_generator: keras.layers.Layer | None = None,
        implementation: Implementation = "auto",
        data_format: DataFormat | None = None,
        activation: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kernel_size = odd_pair(kernel_size, "kernel_size")
        self.strides = pair(strides, "strides")
        self.padding = checked_padding(padding)
        self.dilation_rate = pair(dilation_rate, "dilation_rate")
        self.groups = positive(groups, "groups")
        self.reduction_ratio = positive(reduction_ratio, "reduction_ratio")
        self.kernel_generator: Any = checked_generator(kernel_generator)
        self._has_own_generator = kernel_generator is None
        checked_implementation(implementation)
        self.implementation: Implementation = implementation
        self.data_format: DataFormat = checked_data_format(data_format)
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)

    def build(self, input_shape: Shape) -> None:
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
        positions = self._kernels_shape(input_shape)[:3]
        kernel_channels = prod(self.kernel_size) * self.groups
        if self._has_own_generator:
            self.kernel_generator = bottleneck(
                max(channels // self.reduction_ratio, 1),
                kernel_channels,
                dtype=self.dtype_policy,
                kernel_initializer=self.kernel_initializer,
                bias_initializer=self.bias_initializer,
                kernel_regularizer=self.kernel_regularizer,
                bias_regularizer=self.bias_regularizer,
                kernel_constraint=self.kernel_constraint,
                bias_constraint=self.bias_constraint,
            )
        built(
            self.kernel_generator,
            (*positions, channels),
            kernel_channels,
            dtype=self.compute_dtype,
        )
        freeze_in_frozen(self)

    def call(
        self,
        inputs: Tensor,
        training: bool | None = None,  # noqa: ARG002, FBT001 - Keras tells the generator
        return_kernels: bool = False,  # noqa: FBT001, FBT002 - as in the layers of Keras
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Return the outputs, or (outputs, kernels).

        Args:
            inputs: tensor of the input shape, of any numeric dtype.
            training: whether the generator's batch normalisation uses the statistics of the batch.
                Default None: what Keras says.
            return_kernels: whether to return the kernels too. Default False.
        """
        channels_first = self.data_format == "channels_first"
        inputs = ops.cast(inputs, self.compute_dtype)  # images may be integers
        if channels_first:
            inputs = ops.transpose(inputs, (0, 2, 3, 1))
        in_place = (
            not return_kernels
            and ends_in_convolution(self.kernel_generator, dtype=self.compute_dtype)
            and generates_in_place(self.implementation, inputs.dtype)
        )
        outputs, kernels = (self._in_place(inputs), None) if in_place else self._stored(inputs)
        outputs = self.activation(outputs)
        if channels_first:
            outputs = ops.transpose(outputs, (0, 3, 1, 2))
        return (outputs, kernels) if return_kernels else outputs

    def _in_place(self, inputs: Tensor) -> Tensor:
        """Return the outputs from kernels that are generated where they are used."""
        # A profiler's trace shows the two parts by the names of these scopes.
        with keras.name_scope("kernel_generation"):
            pooled = pooled_at_windows(inputs, **self._windows.geometry)
            generator = unfinished(self.kernel_generator, pooled)
        with keras.name_scope("core"):
            return involve_generated(inputs, generator, self._windows, self._epilogue())

    def _stored(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return the outputs and the kernels."""
        with keras.name_scope("kernel_generation"):
            pooled = pooled_at_windows(inputs, **self._windows.geometry)
            generated = ops.cast(self.kernel_generator(pooled), inputs.dtype)
            positions = ops.shape(generated)[:3]
            kernels = ops.reshape(generated, (*positions, *self.kernel_size, self.groups))
        with keras.name_scope("core"):
            outputs = involve(
                inputs,
                kernels,
                strides=self.strides,
                padding=self.padding,
                dilation_rate=self.dilation_rate,
                implementation=self.implementation,
            )
        epilogue = self._epilogue()
        return (outputs if epilogue is None else epilogue.applied(outputs)), kernels

    def _epilogue(self) -> Epilogue | None:
        """Return what a subclass does to the outputs as they are written."""

    def compute_output_shape(self, input_shape: Shape) -> tuple[int | None, ...]:
        """Return the shape of the outputs for inputs of `input_shape`."""
        batch, *sizes = self._kernels_shape(input_shape)[:3]
        if self.data_format == "channels_first":
            return (batch, input_shape[1], *sizes)
        return (batch, *sizes, input_shape[3])

    def compute_output_spec(
        self,
        inputs: keras.KerasTensor,
        training: bool | None = None,  # noqa: ARG002, FBT001 - the arguments of `call`
        return_kernels: bool = False,  # noqa: FBT001, FBT002 - the arguments of `call`
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        """Return symbolic outputs for symbolic inputs."""
        outputs = keras.KerasTensor(self.compute_output_shape(inputs.shape), self.compute_dtype)
        if not return_kernels:
            return outputs
        return outputs, keras.KerasTensor(self._kernels_shape(inputs.shape), self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
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
            "kernel_generator": serialized(
                self.kernel_generator, made_by=self if self._has_own_generator else None
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
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return a layer made from the result of `get_config`."""
        generator = config.get("kernel_generator")
        if isinstance(generator, dict):
            generator = keras.saving.deserialize_keras_object(generator)
        return cls(**{**config, "kernel_generator": generator})

    def _kernels_shape(self, input_shape: Shape) -> tuple[int | None, ...]:
        sizes = input_shape[2:4] if self.data_format == "channels_first" else input_shape[1:3]
        windows = output_sizes(sizes, **self._windows.geometry)
        return (input_shape[0], *windows, *self.kernel_size, self.groups)

    @property
    def _windows(self) -> Windows:
        geometry = self.kernel_size, self.strides, self.padding, self.dilation_rate
        return Windows(*geometry, self.groups)
