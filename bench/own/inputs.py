"""What a model must be to be measured, and the size of its images."""

from typing import Any

import keras

from bench.own.errors import ModelError
from involution.costs.calls import calls, is_followed


def checked(model: Any) -> keras.Model:
    """Return a model if it is a graph of layers that takes one batch of images.

    Args:
        model: what to check.

    Returns:
        The model.

    Raises:
        ModelError: if it is no such model.
    """
    if not is_followed(model):
        raise ModelError(
            "A model must be functional, or sequential with an input: the layers of one with a "
            f"`call` of its own cannot be followed. Received: {type(model).__name__}"
        )
    shapes = [tuple(tensor.shape) for tensor in model.inputs]
    if len(shapes) != 1 or len(shapes[0]) != 4 or shapes[0][channels_axis(model)] is None:
        raise ModelError(
            "A model must take one batch of images with a known number of channels. "
            f"Received: shapes of inputs={shapes}"
        )
    return model


def channels_axis(model: keras.Model) -> int:
    """Return which axis of a model's input has the channels, 1 or 3.

    Args:
        model: its first layer with a data format says it; if none has one, Keras's setting does.
    """
    formats = (getattr(call.layer, "data_format", None) for call in calls(model))
    data_format = next(filter(None, formats), keras.config.image_data_format())
    return 1 if data_format == "channels_first" else 3


def of_size(model: keras.Model, image_size: tuple[int, int] | None) -> keras.Model:
    """Return a model for images of one size, in batches of any length.

    Args:
        model: with one input, a batch of images.
        image_size: (height, width) in pixels. None if the model has a size.

    Returns:
        The model itself if that is what it takes, else another one of the same layers.

    Raises:
        ModelError: if the size is missing, is not that of the model, or is too small.
    """
    (tensor,) = model.inputs
    axis = channels_axis(model)
    open_size = (*tensor.shape[2:], tensor.shape[1]) if axis == 1 else tuple(tensor.shape[1:])
    *sizes, channels = open_size
    if image_size is None and None in sizes:
        raise ModelError(
            "The model takes images of any size: name one with `--image-size 224` or "
            f"`--image-size 224x320`. Received: shape of inputs={tuple(tensor.shape)}"
        )
    asked = image_size or tuple(sizes)
    if any(size not in (None, number) for size, number in zip(sizes, asked, strict=True)):
        raise ModelError(
            f"The image size must be that of the model, (height, width)={tuple(sizes)}. "
            f"Received: {asked}"
        )
    shape = (None, channels, *asked) if axis == 1 else (None, *asked, channels)
    return model if tuple(tensor.shape) == shape else _with_input(model, shape)


def with_channels_last(model: keras.Model) -> keras.Model:
    """Return a model that takes images with channels last, as all operators that are measured.

    Args:
        model: with one input, a batch of images.

    Returns:
        The model itself if it does, else one that transposes the images first.
    """
    if channels_axis(model) == 3:
        return model
    (tensor,) = model.inputs
    _, channels, height, width = tensor.shape
    images = keras.Input((height, width, channels), dtype=tensor.dtype)
    return keras.Model(images, model(keras.layers.Permute((3, 1, 2))(images)))


def _with_input(model: keras.Model, shape: tuple[int | None, ...]) -> keras.Model:
    (tensor,) = model.inputs
    inputs = keras.Input(batch_shape=shape, dtype=tensor.dtype, name=tensor.name)
    if not isinstance(model, keras.Sequential):  # the input may be alone in a list or a dictionary
        inputs = keras.tree.map_structure(lambda _: inputs, model.input)
    try:
        return keras.models.clone_model(
            model, input_tensors=inputs, clone_function=lambda layer: layer
        )
    except ValueError as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(f"The model cannot take images of shape {shape[1:]}: {reason}") from error
