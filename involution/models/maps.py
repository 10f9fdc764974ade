"""Kernel maps: the sums of the kernels that a model generates for an image."""

from typing import TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from involution.layers import Involution2D

Floats: TypeAlias = NDArray[np.float32]


def kernel_maps(model: keras.Model, images: Floats) -> dict[str, Floats]:
    """Sum the kernel at each position over its taps and groups, as the Keras tutorial shows it.

    Args:
        model: a functional or sequential model that is built and has one input. Models within it
            are not searched for layers.
        images: floats (count, height, width, channels), scaled as the model takes them.

    Returns:
        (count, out_height, out_width) for each involution layer, by its name, in the order of
        the model; empty for a model without one.

    Raises:
        ValueError: if the model is not built, or the images are no floats of four dimensions.

    Example:
        >>> from involution.models import tutorial_inn
        >>> maps = kernel_maps(tutorial_inn(), np.zeros((2, 32, 32, 3), np.float32))
        >>> [each.shape for each in maps.values()]
        [(2, 32, 32), (2, 16, 16), (2, 8, 8)]
    """
    if not model.built:
        raise ValueError(f"`model` must be built. Received: {model.name}, which has no input shape")
    if images.ndim != 4 or not np.issubdtype(images.dtype, np.floating):
        raise ValueError(
            "`images` must be floats (count, height, width, channels). "
            f"Received: {images.dtype}, shape={images.shape}"
        )
    layers = [layer for layer in model.layers if isinstance(layer, Involution2D)]
    if not layers:
        return {}
    inputs = keras.Model(model.inputs, [layer.input for layer in layers])
    maps = {}
    for layer, x in zip(layers, keras.tree.flatten(inputs([images])), strict=True):
        _, kernels = layer(x, return_kernels=True)
        maps[layer.name] = keras.ops.convert_to_numpy(kernels).sum(axis=(3, 4, 5), dtype=np.float32)
    return maps
