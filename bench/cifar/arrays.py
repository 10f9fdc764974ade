"""Images as plain arrays: from an .npz file, or from Keras's cache."""

from pathlib import Path

import keras

from bench.cifar.checks import DataError
from bench.cifar.layouts import Layout
from bench.cifar.published import Found
from reports.sources.arrays import read_arrays
from reports.sources.files import UnreadableError, shown_path

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def from_keras(name: str, layout: Layout) -> Found:
    """Read Keras's cache, which is filled from the network at the first call.

    Args:
        name: "cifar10" or "cifar100".
        layout: how the data set is published.

    Returns:
        The images and labels, not checked yet.

    Raises:
        DataError: if it cannot be downloaded.
    """
    try:
        train, test = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises a plain Exception where the network fails
        raise DataError(
            f"{name} could not be downloaded ({error}). Either connect this machine to the "
            f"network and try again, or fetch the published archive elsewhere and give its path: "
            f"--data PATH (a folder with {layout.folder}, the .tar.gz, or an .npz)"
        ) from error
    return Found(train, test, "keras.datasets")


def from_npz(path: Path, layout: Layout) -> Found:
    """Read an .npz file.

    Args:
        path: the file, with the arrays x_train, y_train, x_test and y_test.
        layout: how the data set is published.

    Returns:
        The images and labels, not checked yet.

    Raises:
        DataError: if it cannot be read or lacks an array.
    """
    try:
        arrays = read_arrays(path, ARRAYS)
    except UnreadableError as error:
        raise DataError(f"{shown_path(path)}: {error}") from None
    if len(arrays) < len(ARRAYS):
        raise DataError(
            f"{shown_path(path)}: expected the arrays {', '.join(ARRAYS)}. "
            f"Received: {', '.join(arrays) or 'none of them'}"
        )
    x_train, y_train, x_test, y_test = (arrays[name] for name in ARRAYS)
    notes = ["From an .npz: nothing shows whether its images are the published ones."]
    if (x_train.shape[:1], x_test.shape[:1]) != tuple((count,) for count in layout.counts):
        found = " and ".join(str(*x.shape[:1]) for x in (x_train, x_test))
        published = " and ".join(map(str, layout.counts))
        notes.append(f"{found} training and test images; the published data set has {published}.")
    return Found((x_train, y_train), (x_test, y_test), shown_path(path.name), notes)
