"""From what a user calls a model to a model whose layers can be measured."""

from pathlib import Path

import keras

from bench.own.errors import ModelError
from bench.own.files import FORMATS, from_file
from bench.own.inputs import checked, of_size
from bench.own.named import close_names, named


def load(
    name: str, *, image_size: tuple[int, int] | None = None, trusted: bool = False
) -> keras.Model:
    """Return a model that takes images of a known size.

    A name that both have, such as "resnet50", is that of `keras.applications`;
    "keras.applications.resnet50" and "involution.models.resnet50" tell the two apart.

    Args:
        name: a model in `keras.applications` or `involution.models`, in upper or lower case, with
            untrained weights; or else the path of a `.keras` file.
        image_size: (height, width) of the images in pixels. Default: the model's own.
        trusted: whether a file may run code that it holds, such as lambdas. Default False.

    Returns:
        A functional or sequential model with one input: a batch of images of any length. Where a
        file leaves the size of images open, the model has the layers of the one in the file.

    Raises:
        ModelError: if there is no such model, the file cannot be read, its layers cannot be
            followed, its input is no image, or `image_size` is missing or does not fit.

    Example:
        >>> load("tutorial_cnn").input_shape
        (None, 32, 32, 3)
    """
    build = named(name)
    if build is not None:
        return of_size(checked(build(image_size)), image_size)
    path = Path(name)
    if path.exists() or path.suffix.lower() in FORMATS:
        return of_size(checked(from_file(path, trusted=trusted)), image_size)
    raise ModelError(
        "A model must be a .keras file, or a name of keras.applications or involution.models"
        f"{close_names(name)}. Received: {name!r}"
    )
