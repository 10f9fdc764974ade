"""Involution in the place of convolutions of a model."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase

import keras

from bench.cases import Sides
from bench.own.copying import copied
from bench.own.errors import ModelError
from bench.own.in_place import in_place_of
from bench.own.layers import uses
from involution.costs.calls import calls


def replaced(model: keras.Model, kernel_sizes: Mapping[str, Sides]) -> keras.Model:
    """Return a copy of a model with involution in the place of some convolutions.

    Each involution has the strides, dilation, data format, dtype policy and activation of the
    convolution, and as many output positions. 16 channels share a kernel, or fewer where 16 does
    not divide the channels. Its weights are new. A bias of the convolution is gone: the generator
    of the kernels has one.

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
    new = {}
    for path, kernel_size in kernel_sizes.items():
        layer = layers[path]
        new[id(layer)] = in_place_of(
            by_path[path],
            kernel_size,
            activation=layer.activation,
            name=layer.name,
            dtype=layer.dtype_policy,
            trainable=layer.trainable,
        )
    return copied(model, lambda layer: new.get(id(layer)))


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
