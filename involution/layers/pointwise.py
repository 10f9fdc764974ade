"""1x1 convolution as a matrix product."""

from typing import Any

import keras
from keras import ops

from involution.ops.devices import has_gpu
from involution.ops.types import Tensor

# With fewer channels the matrix product takes longer than the convolution.
MIN_CHANNELS = 4

# Arguments of `keras.layers.Conv2D` of which this layer computes these values only. With a single
# tap, "valid" and "same" padding are the same.
FIXED: dict[str, tuple[Any, ...]] = {
    "kernel_size": (1, (1, 1)),
    "strides": (1, (1, 1)),
    "padding": ("valid", "same"),
    "data_format": ("channels_last", None),
    "dilation_rate": (1, (1, 1)),
    "groups": (1,),
}


@keras.saving.register_keras_serializable(package="involution")
class PointwiseConv2D(keras.layers.Conv2D):
    """1x1 convolution, computed on a CPU as one matrix product with the bias as a row of weights.

    The kernels that a generator writes are by far the largest tensor of an involution layer. The
    product adds the bias as it writes them, and the product's gradient includes that of the bias. A
    separate sum would read and write the kernels once more.

    Args:
        filters: channels of the outputs.
        use_bias: whether a bias is added. Default True.
        activation: applied to the outputs. Default None.
        kernel_initializer: for the weights. Default "glorot_uniform".
        bias_initializer: for the bias. Default "zeros".
        kernel_regularizer: for the weights. Default None.
        bias_regularizer: for the bias. Default None.
        activity_regularizer: for the outputs. Default None.
        kernel_constraint: for the weights. Default None.
        bias_constraint: for the bias. Default None.
        **kwargs: as for any Keras layer: name, dtype, trainable.

    Input shape:
        (batch, height, width, channels); batch, height and width may be unknown.

    Output shape:
        (batch, height, width, filters).

    Raises:
        ValueError: if an argument of `keras.layers.Conv2D` asks for what a 1x1 convolution of
            stride 1 with channels last does not compute.

    Example:
        >>> import numpy as np
        >>> tuple(PointwiseConv2D(9)(np.ones((2, 8, 8, 4), "float32")).shape)
        (2, 8, 8, 9)
    """

    def __init__(
        self,
        filters: int,
        *,
        use_bias: bool = True,
        activation: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size=1,
            data_format="channels_last",
            use_bias=use_bias,
            activation=activation,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **_without_fixed(kwargs),
        )

    def call(self, inputs: Tensor) -> Tensor:
        """Return (batch, height, width, filters) for (batch, height, width, channels)."""
        channels = inputs.shape[-1]
        # A convolution on a GPU adds the bias as it writes; with odd sizes a product is slow there.
        if channels < MIN_CHANNELS or has_gpu():
            return super().call(inputs)
        pixels = ops.reshape(inputs, (-1, channels))
        weights = ops.reshape(self.kernel, (channels, self.filters))
        if self.use_bias:
            ones = ops.ones((ops.shape(pixels)[0], 1), pixels.dtype)
            pixels = ops.concatenate([pixels, ones], axis=1)
            weights = ops.concatenate([weights, self.bias[None]], axis=0)
        outputs = ops.reshape(ops.matmul(pixels, weights), (*ops.shape(inputs)[:-1], self.filters))
        return self.activation(outputs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make this layer again."""
        return {key: value for key, value in super().get_config().items() if key not in FIXED}


def _without_fixed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments without those that have one meaning only.

    Raises:
        ValueError: if one of those has another value.
    """
    for name, values in FIXED.items():
        received = arguments.get(name, values[0])
        if (tuple(received) if isinstance(received, list) else received) not in values:
            raise ValueError(
                f"`{name}` must be {' or '.join(map(repr, values))} in a pointwise convolution. "
                f"Received: {name}={received!r}"
            )
    return {name: value for name, value in arguments.items() if name not in FIXED}
