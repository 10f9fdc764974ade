"""Kernel generators: the paper's, and what is checked of another one."""

from collections.abc import Sequence
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


def ends_in_convolution(kernel_generator: keras.layers.Layer, *, dtype: Any) -> bool:
    """Return whether the kernels are what a bottleneck's last convolution returns, and no more.

    Args:
        kernel_generator: any generator that has been built.
        dtype: that the convolution must compute in.
    """
    if type(kernel_generator) is not keras.Sequential:
        return False
    last = kernel_generator.layers[-1]
    return (
        type(last) is PointwiseConv2D
        and last.use_bias
        and last.activation is keras.activations.linear
        and last.activity_regularizer is None
        and last.compute_dtype == dtype
    )


def unfinished(model: keras.Sequential, pooled: Tensor) -> Generator:
    """Return what a bottleneck's last convolution is computed from.

    Args:
        model: a generator that `ends_in_convolution`.
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


def built(
    kernel_generator: keras.layers.Layer, shape: Sequence[int | None], channels: int, *, dtype: Any
) -> None:
    """Build a kernel generator that is not built yet, and check the shape of its outputs.

    Args:
        kernel_generator: the generator.
        shape: of its inputs: (batch, out_height, out_width, channels), None where unknown.
        channels: of the outputs that are expected.
        dtype: of its inputs.

    Raises:
        ValueError: if it does not return one tensor with `channels` channels for each position.
    """
    inputs = keras.KerasTensor(shape, dtype)
    if _has_no_build(kernel_generator):
        outputs = kernel_generator(inputs)  # Keras then builds what it holds
    else:
        if not kernel_generator.built:
            kernel_generator.build(shape)
        outputs = kernel_generator.compute_output_spec(inputs)
    generated = tuple(getattr(outputs, "shape", ()))
    expected = (*shape[:3], channels)
    if len(generated) != len(expected) or any(
        None not in sizes and sizes[0] != sizes[1]
        for sizes in zip(generated, expected, strict=True)
    ):
        raise ValueError(
            "`kernel_generator` must return kernel_height * kernel_width * groups channels "
            f"for each output position: {expected}. Received: {generated or outputs}"
        )


def freeze_in_frozen(layer: keras.layers.Layer) -> None:
    """Freeze all that frozen layers hold; Keras reaches only what exists when they are frozen.

    Args:
        layer: the layer to look into, built.
    """
    for part in layer._flatten_layers():  # noqa: SLF001 - Keras has no public way to look inside
        if not part.trainable:
            for held in part._flatten_layers():  # noqa: SLF001
                held.trainable = False


def serialized(
    kernel_generator: keras.layers.Layer | None, *, made_by: keras.layers.Layer | None
) -> dict[str, Any] | None:
    """Return a kernel generator as it is kept in the configuration of its layer.

    Args:
        kernel_generator: the generator, or None if its layer has not made it yet.
        made_by: the layer that made it for itself, or None if the user did.

    Returns:
        None if the arguments of the layer say all of it. They do not if a part of the generator
        alone was frozen, or was given another dtype policy.
    """
    if kernel_generator is None:
        return None
    if made_by is not None:
        usual = made_by.trainable, made_by.dtype_policy
        parts = [kernel_generator, *kernel_generator.layers]
        if all((part.trainable, part.dtype_policy) == usual for part in parts):
            return None
    config: dict[str, Any] = keras.saving.serialize_keras_object(kernel_generator)
    if _has_no_build(kernel_generator):
        # Keras would mark it as built when it is loaded, although what it holds is not.
        config.pop("build_config", None)
    # Layers that share a generator share it when they are loaded. Keras gives the number to all
    # but the first of them.
    config["shared_object_id"] = id(kernel_generator)
    return config


def _has_no_build(layer: keras.layers.Layer) -> bool:
    """Return whether a layer leaves it to Keras to build what it holds, as one with a `call` alone.

    Args:
        layer: any layer.
    """
    return type(layer).build is keras.layers.Layer.build
