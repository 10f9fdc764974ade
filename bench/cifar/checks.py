"""Checks of images and labels; a message says what was expected and what came."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.cifar.layouts import CHANNELS, SIDE, Layout

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]


class DataError(ValueError):
    """Images that cannot be used; the message says what was expected and what came."""


def checked_images(images: NDArray[Any], where: str) -> Images:
    """Return images if they are of the right type and size.

    Args:
        images: expected uint8, (count, 32, 32, 3) or, with the channels first, (count, 3, 32, 32).
        where: what they are, for the message.

    Raises:
        DataError: if they are not.
    """
    if images.shape[1:] == (CHANNELS, SIDE, SIDE):
        images = np.moveaxis(images, 1, -1)
    if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE, CHANNELS) or not len(images):
        raise DataError(
            f"{where}: expected uint8 (count, {SIDE}, {SIDE}, {CHANNELS}). "
            f"Received: {shown(images)}"
        )
    return np.ascontiguousarray(images)


def checked_labels(labels: NDArray[Any], count: int, where: str, layout: Layout) -> Labels:
    """Return labels if there is one for each image, and all name a class.

    Args:
        labels: expected integers, (count,) or, as Keras keeps them, (count, 1), or as MATLAB
            does, (1, count); or one-hot rows of any type, (count, classes).
        count: how many images there are.
        where: what they are, for the message.
        layout: says how many classes there are.

    Returns:
        The labels, (count,).

    Raises:
        DataError: if they are not.
    """
    if labels.shape == (count, layout.classes) and _is_one_hot(labels):
        labels = labels.argmax(axis=1)
    if labels.shape not in {(count,), (count, 1), (1, count)} or labels.dtype.kind not in "iu":
        raise DataError(
            f"{where}: expected {count} labels that are whole numbers. Received: {shown(labels)}"
        )
    if labels.min() < 0 or labels.max() >= layout.classes:
        raise DataError(
            f"{where}: expected labels from 0 to {layout.classes - 1}. "
            f"Received: {labels.min()} to {labels.max()}"
        )
    return labels.ravel().astype(np.int64)


def _is_one_hot(rows: NDArray[Any]) -> bool:
    """Whether each row is 1 at one place and 0 at all others."""
    if rows.dtype.kind not in "biuf":
        return False
    return bool(np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all())


def shown(value: object) -> str:
    """Describe a value in a message: type and size."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else type(value).__name__
