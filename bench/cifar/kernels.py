"""Kernel maps: the sums of the kernels that a trained model generates for an image."""

import keras
import numpy as np
from numpy.typing import NDArray

from involution import Involution2D


def kernel_maps(model: keras.Model, images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """Sum the kernel at each position over its taps and groups, as the Keras tutorial shows it.

    Args:
        model: a trained model.
        images: (count, height, width, channels), uint8.

    Returns:
        (count, out_height, out_width) for each involution layer, by its name, in the order of
        the model; empty for a model without one.
    """
    layers = [layer for layer in model.layers if isinstance(layer, Involution2D)]
    if not layers:
        return {}
    inputs = keras.Model(model.inputs, [layer.input for layer in layers])
    scaled = images.astype(np.float32) / 255.0
    maps = {}
    for layer, x in zip(layers, keras.tree.flatten(inputs([scaled])), strict=True):
        _, kernels = layer(x, return_kernels=True)
        maps[layer.name] = np.asarray(kernels).sum(axis=(3, 4, 5), dtype=np.float32)
    return maps
