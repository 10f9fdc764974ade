"""Models that have a name: those of Keras and those of involution, with untrained weights."""

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from typing import Any, TypeAlias

import keras

from bench.own.errors import ModelError
from involution import models
from involution.models.rednet import BLOCKS, SMALL

KERAS, OURS = "keras.applications.", "involution.models."
RGB = 3

# From (height, width), or None for the size that the model has by default, to a model.
Build: TypeAlias = partial[keras.Model]


def named(name: str) -> Build | None:
    """Return what builds the model of a name, None if no model has it.

    Args:
        name: in upper or lower case, with or without "keras.applications." or
            "involution.models." before it. Without, Keras's model comes first.
    """
    return _builds().get(name.lower())


def origin(name: str) -> str | None:
    """Return which package has the model of a name, None for a file.

    Args:
        name: as for `named`.

    Example:
        >>> origin("ResNet50"), origin("involution.models.resnet50"), origin("rednet50")
        ('keras.applications', 'involution.models', 'involution.models')
    """
    build = named(name)
    if build is None:
        return None
    return (OURS if build.func is _ours else KERAS).removesuffix(".")


def close_names(name: str) -> str:
    """Return the end of an error: the names that are close to one that no model has.

    Args:
        name: what no model is called.

    Example:
        >>> close_names("resnet5")
        '; close names are resnet50, resnet152, resnet50v2'
    """
    close = get_close_matches(name.lower(), _builds())
    return f"; close names are {', '.join(close)}" if close else ""


def _builds() -> dict[str, Build]:
    ours = {key.lower(): partial(_ours, key, make) for key, make in _our_models().items()}
    keras_own = {
        key.lower(): partial(_application, key, make)
        for key, make in vars(keras.applications).items()
        if inspect.isfunction(make)
    }
    return {
        **ours,
        **keras_own,
        **{f"{OURS}{key}": build for key, build in ours.items()},
        **{f"{KERAS}{key}": build for key, build in keras_own.items()},
    }


def _our_models() -> dict[str, Callable[..., keras.Model]]:
    networks = {
        f"{build.__name__}{depth}": partial(build, depth)
        for build in (models.rednet, models.resnet)
        for depth in (SMALL | BLOCKS)
    }
    tutorials = {key: getattr(models, key) for key in models.__all__ if key.startswith("tutorial")}
    return {**networks, **tutorials}


def _ours(
    name: str, make: Callable[..., keras.Model], image_size: tuple[int, int] | None
) -> keras.Model:
    takes_size = "input_shape" in inspect.signature(make).parameters
    if image_size is None or not takes_size:
        return make()  # one of the tutorial has a single size, which is checked as that of a file
    return _built(name, make, input_shape=(*image_size, RGB))


def _application(
    name: str, make: Callable[..., keras.Model], image_size: tuple[int, int] | None
) -> keras.Model:
    if image_size is None:
        return _built(name, make, weights=None)
    shape = (*image_size, RGB)
    if keras.config.image_data_format() == "channels_first":
        shape = (RGB, *image_size)
    return _built(name, make, weights=None, input_shape=shape)


def _built(name: str, make: Callable[..., keras.Model], **arguments: Any) -> keras.Model:
    try:
        return make(**arguments)
    except (ValueError, TypeError) as error:
        received = arguments.get("input_shape", "its default size")
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"{name} cannot be built for images of {received}: {reason}") from error
