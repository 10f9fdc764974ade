"""Involution in the place of convolutions of a model."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from math import gcd

import keras

from bench.cases import Sides
from bench.own.copying import copied
from bench.own.errors import ModelError
from bench.own.layers import LayerUse, uses
from involution import Involution2D
from involution.costs.calls import calls
from involution.geometry import Padding, odd_pair, pair

GROUP_WIDTH = 16  # channels that share a kernel in the paper


def replaced(model: keras.Model, kernel_sizes: Mapping[str, Sides]) -> keras.Model:
    """Return a copy of a model with involution in the place of some convolutions.

    Each involution has the strides, dilation, data format, dtype policy and activation of the
    convolution, and as many output positions. 16 channels share a kernel, or fewer where 16 does
    not divide the channels. Its weights are new.

    Args:
        model: a functional or sequential model for images of a known size.
        kernel_sizes: the kernel size for each path of a layer, such as "base/conv1".

    Returns:
        The copy. All other layers keep weights, names and trainability. It can be saved; to load
        it, import `involution` first.

    Raises:
        ModelError: if there is no such layer, or involution of that kernel size cannot take its
            place.

    Example:
        >>> from involution.models import tutorial_cnn
        >>> model = tutorial_cnn()
        >>> [path] = matching(model, ["conv2d*"])
        >>> type(replaced(model, {path: 7}).get_layer(path)).__name__
        'Involution2D'
    """
    by_path = {name: use for use in uses(model) for name in use.names}
    unknown = [path for path in kernel_sizes if path not in by_path]
    if unknown:
        close = get_close_matches(unknown[0], by_path) or list(by_path)[:3]
        raise ModelError(
            f"Each layer must be a convolution of the model, such as {', '.join(close)}. "
            f"Received: {unknown[0]!r}"
        )
    for path in kernel_sizes:
        if by_path[path].reason:
            raise ModelError(f"Involution cannot take the place of {path}: {by_path[path].reason}")
    layers = {call.path: call.layer for call in calls(model)}
    new = {
        id(layers[path]): in_place_of(layers[path], by_path[path], kernel_size)
        for path, kernel_size in kernel_sizes.items()
    }
    return copied(model, lambda layer: new.get(id(layer)))


def in_place_of(layer: keras.layers.Layer, use: LayerUse, kernel_size: Sides) -> Involution2D:
    """Return the involution that takes the place of a convolution.

    Args:
        layer: the convolution.
        use: what it does in its model; without a `reason` against involution.
        kernel_size: taps of the involution's window, odd, an integer or (vertical, horizontal).

    Returns:
        A layer that has not been built.

    Raises:
        ModelError: if no padding gives the output of the convolution.
    """
    padding = padding_for(use, kernel_size)
    if padding is None:
        raise ModelError(
            "Involution in the place of a convolution without padding must have a window that is "
            "larger by as much in both directions. Received: "
            f"kernel_size={kernel_size} in the place of {use.kernel_size}"
        )
    return Involution2D(
        kernel_size,
        strides=pair(use.strides, "strides"),
        padding=padding,
        dilation_rate=pair(use.dilation_rate, "dilation_rate"),
        groups=groups_for(use.shape[-1]),
        data_format=use.data_format,
        activation=layer.activation,
        name=layer.name,
        dtype=layer.dtype_policy,
        trainable=layer.trainable,
    )


def matching(model: keras.Model, patterns: Iterable[str]) -> list[str]:
    """Return the paths of the convolutions that match, of those that involution can replace.

    Args:
        model: a functional or sequential model for images of a known size.
        patterns: such as "conv4_*" or "base/*", as for file names; upper and lower case differ.

    Returns:
        Paths, in the order of first calls.

    Raises:
        ModelError: if a pattern matches none of them.

    Example:
        >>> from involution.models import resnet
        >>> len(matching(resnet(26), ["*"]))  # one in each block
        8
    """
    patterns = list(patterns)
    allowed = {name for use in uses(model) if use.reason is None for name in use.names}
    paths = [path for path in dict.fromkeys(call.path for call in calls(model)) if path in allowed]
    for pattern in patterns:
        if not any(fnmatchcase(path, pattern) for path in paths):
            raise ModelError(
                "Each pattern must match a layer that involution can replace: "
                f"{', '.join(paths) or 'there is none'}. Received: {pattern!r}"
            )
    return [path for path in paths if any(fnmatchcase(path, each) for each in patterns)]


def groups_for(channels: int) -> int:
    """Return the groups of the involution that takes the place of a convolution.

    Args:
        channels: of the convolution.

    Example:
        >>> groups_for(64), groups_for(24)
        (4, 3)
    """
    return channels // gcd(channels, GROUP_WIDTH)


def padding_for(use: LayerUse, kernel_size: Sides) -> Padding | None:
    """Return the padding with which involution has the output positions of a convolution.

    Args:
        use: what the convolution does in its model.
        kernel_size: taps of the involution's window, odd, an integer or (vertical, horizontal).

    Returns:
        The padding, None where there is none.
    """
    if use.padding == "same":
        return "same"
    # A larger window needs as many zeros as it has taps more, on each side.
    vertical, horizontal = (
        (new - old) // 2 * dilation
        for new, old, dilation in zip(
            odd_pair(kernel_size, "kernel_size"), use.kernel_size, use.dilation_rate, strict=True
        )
    )
    if vertical != horizontal or vertical < 0:
        return None
    return vertical or "valid"
