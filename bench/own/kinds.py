"""Which layers are convolutions, and of which ones involution can take the place."""

from typing import Any

import keras
from keras import layers

KINDS: dict[type[keras.layers.Layer], str] = {
    layers.DepthwiseConv1D: "depthwise convolution",
    layers.DepthwiseConv2D: "depthwise convolution",
    layers.SeparableConv1D: "separable convolution",
    layers.SeparableConv2D: "separable convolution",
    layers.Conv1DTranspose: "transposed convolution",
    layers.Conv2DTranspose: "transposed convolution",
    layers.Conv3DTranspose: "transposed convolution",
    layers.Conv1D: "convolution",
    layers.Conv2D: "convolution",
    layers.Conv3D: "convolution",
}
MEASURED = (layers.Conv2D, layers.DepthwiseConv2D, layers.SeparableConv2D)


def base_of(layer: Any) -> Any:
    """Return the convolution of Keras that a layer is, or is a subclass of; None for others.

    Args:
        layer: anything that a model calls.
    """
    return next((base for base in KINDS if isinstance(layer, base)), None)


def kind_of(layer: keras.layers.Layer) -> str:
    """Return what operator a convolution is.

    Args:
        layer: a convolution.
    """
    return KINDS[base_of(layer)]


def is_measured(layer: keras.layers.Layer) -> bool:
    """Return whether a convolution is one that is measured.

    Args:
        layer: a convolution.
    """
    return _reason_unmeasured(layer) is None


def reason_against(layer: keras.layers.Layer, channels: int, filters: int) -> str | None:
    """Return why involution cannot take the place of a convolution, None if it can.

    Args:
        layer: a convolution.
        channels: of its input.
        filters: channels of its output.
    """
    reason = _reason_unmeasured(layer) or _reason_of_window(layer)
    if reason is None and channels != filters:
        return f"it makes {filters} channels of {channels}, and involution keeps their number"
    return reason


def substitute(layer: keras.layers.Layer, channels: int, filters: int) -> str | None:
    """Return which two layers can take the place of a convolution that changes the channels.

    Args:
        layer: a convolution.
        channels: of its input.
        filters: channels of its output.
    """
    if channels == filters or _reason_unmeasured(layer) or _reason_of_window(layer):
        return None
    return f"1x1 convolution to {filters} channels, then involution"


def _reason_unmeasured(layer: keras.layers.Layer) -> str | None:
    base, dimensions = base_of(layer), len(layer.kernel_size)
    if type(layer) is not base:
        return f"it is a {type(layer).__name__}, a subclass of Keras's {base.__name__}"
    if dimensions != 2:
        return f"its windows have {dimensions} dimension{'s' if dimensions > 1 else ''}"
    if base not in MEASURED:
        return "it is transposed, and enlarges the image"
    if max(layer.kernel_size) == 1:
        return "its window is a single pixel"
    if getattr(layer, "depth_multiplier", 1) != 1:
        return f"it makes {layer.depth_multiplier} channels of each, by its depth multiplier"
    return None


def _reason_of_window(layer: keras.layers.Layer) -> str | None:
    if all(size % 2 for size in layer.kernel_size):
        return None
    return f"its window of {'x'.join(map(str, layer.kernel_size))} has no centre"
