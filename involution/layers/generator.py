"""Kernel generators: the paper's, and the check of another one."""

from typing import Any

import keras
from keras import ops

from involution.layers.pointwise import PointwiseConv2D
from involution.ops.types import Generator, Tensor


def checked_generator(kernel_generator: Any) -> keras.layers.Layer | None:
    """Return a kernel generator if it is a layer, or None if there is none.

    Args:
        kernel_generator: the value to check.

    Returns:
        The same value.

    Raises:
        ValueError: if it is anything else.
    """
    if kernel_generator is not None and not isinstance(kernel_generator, keras.layers.Layer):
        raise ValueError(
            "`kernel_generator` must be a Keras layer. "
            f"Received: kernel_generator={kernel_generator!r}"
        )
    return kernel_generator


def bottleneck(
    reduced_channels: int,
    kernel_channels: int,
    *,
    dtype: Any,
    kernel_initializer: Any,
    bias_initializer: Any,
    kernel_regularizer: Any,
    bias_regularizer: Any,
    kernel_constraint: Any,
    bias_constraint: Any,
) -> keras.Sequential:
    """Return 1x1 convolution, batch normalisation, ReLU and 1x1 convolution.

    The first convolution has no bias, the second has one.

    Args:
        reduced_channels: channels between the two convolutions.
        kernel_channels: channels of the outputs.
        dtype: policy of all layers.
        kernel_initializer: for the weights of both convolutions.
        bias_initializer: for the bias of the second convolution.
        kernel_regularizer: for the weights of both convolutions.
        bias_regularizer: for the bias of the second convolution.
        kernel_constraint: for the weights of both convolutions.
        bias_constraint: for the bias of the second convolution.

    Returns:
        A model that has not been built yet.
    """

    def convolution(filters: int, **bias: Any) -> PointwiseConv2D:
        return PointwiseConv2D(
            filters,
            dtype=dtype,
            # A copy: the same initializer would give both convolutions the same numbers.
            kernel_initializer=getattr(kernel_initializer, "clone", lambda: kernel_initializer)(),
            kernel_regularizer=kernel_regularizer,
            kernel_constraint=kernel_constraint,
            **bias,
        )

    return keras.Sequential(
        [
            convolution(reduced_channels, use_bias=False),
            keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, dtype=dtype),
            keras.layers.ReLU(dtype=dtype),
            convolution(
                kernel_channels,
                bias_initializer=bias_initializer,
                bias_regularizer=bias_regularizer,
                bias_constraint=bias_constraint,
            ),
        ],
        name="kernel_generator",
    )


def unfinished(model: keras.Sequential, pooled: Tensor) -> Generator:
    """Return what a bottleneck's last convolution is computed from.

    Args:
        model: a bottleneck that has been built.
        pooled: its inputs (batch, out_height, out_width, channels).

    Returns:
        The inputs, weights and bias of the last convolution, in the dtype of `pooled`.
    """
    *before, last = model.layers
    features = pooled
    for layer in before:
        features = layer(features)
    tensors = (features, last.kernel[0, 0], last.bias)
    return Generator(*(ops.cast(tensor, pooled.dtype) for tensor in tensors))
