"""A sample of labelled images as one picture: a row per class, without loss.

`demo/images.png` is such a sheet: the first 20 test images of each class of CIFAR-10.
"""

from pathlib import Path

import numpy as np
import tensorflow as tf

from bench.cifar.checks import Images, Labels
from bench.cifar.layouts import SIDE
from reports.sources.files import shown_path

EACH = 20
# How every PNG file begins. TensorFlow's decoder takes JPEG files, too, which keep no pixel.
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def sheet(images: Images, labels: Labels, each: int = EACH) -> Images:
    """Lay the first images of each class out in rows.

    Args:
        images: (count, 32, 32, 3).
        labels: (count,), from 0 to the number of classes - 1.
        each: how many of a class. Default 20.

    Returns:
        A picture (32 * classes, 32 * each, 3): a row per class, in the order of the labels.

    Raises:
        ValueError: if a class has fewer images.
    """
    rows = []
    for label in range(int(labels.max()) + 1):
        chosen = images[labels == label][:each]
        if len(chosen) < each:
            raise ValueError(
                f"expected at least {each} test images of each class. Received: {len(chosen)} of "
                f"class {label}"
            )
        rows.append(np.concatenate(list(chosen), axis=1))
    return np.concatenate(rows)


def tiles(picture: Images) -> tuple[Images, Labels]:
    """Cut a sheet into its images.

    Args:
        picture: what `sheet` returned.

    Returns:
        Images (count, 32, 32, 3), row by row, and their labels (count,).
    """
    rows, columns = picture.shape[0] // SIDE, picture.shape[1] // SIDE
    parts = picture.reshape(rows, SIDE, columns, SIDE, 3).swapaxes(1, 2)
    return parts.reshape(-1, SIDE, SIDE, 3), np.repeat(np.arange(rows), columns)


def write(path: Path, picture: Images) -> None:
    """Write a sheet as PNG, which keeps every pixel.

    Args:
        path: the file.
        picture: what `sheet` returned.
    """
    path.write_bytes(tf.io.encode_png(picture, compression=9).numpy())


def read(path: Path) -> Images:
    """Read a sheet.

    Args:
        path: a PNG file.

    Returns:
        A picture (32 * rows, 32 * columns, 3).

    Raises:
        ValueError: if it is none.
    """
    where = shown_path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{where}: cannot be read: {error.strerror}") from None
    if not content.startswith(SIGNATURE):
        raise ValueError(f"{where}: expected a PNG file. Received: another")
    try:
        picture: Images = tf.io.decode_png(content, channels=3).numpy()
    except tf.errors.InvalidArgumentError:
        raise ValueError(f"{where}: expected a PNG file. Received: a damaged one") from None
    if picture.shape[0] % SIDE or picture.shape[1] % SIDE:
        raise ValueError(
            f"{where}: expected tiles of {SIDE} x {SIDE} pixels. Received: a picture of "
            f"{picture.shape[0]} x {picture.shape[1]}"
        )
    return picture
