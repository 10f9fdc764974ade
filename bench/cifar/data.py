"""CIFAR images from Keras's cache, a folder, an archive or an .npz, checked on reading."""

import hashlib
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.cifar.arrays import from_keras, from_npz
from bench.cifar.checks import DataError, Images, Labels, checked_images, checked_labels
from bench.cifar.jpeg import BLOCKY, blockiness
from bench.cifar.layouts import LAYOUTS, Layout
from bench.cifar.published import Found, from_archive, from_folder
from reports.sources.files import shown_path


@dataclass(frozen=True)
class Dataset:
    """Images with their labels, and where they came from.

    Attributes:
        name: "cifar10" or "cifar100".
        train_images: (count, 32, 32, 3), uint8.
        train_labels: (count,), below the number of classes.
        test_images: like `train_images`.
        test_labels: like `train_labels`.
        classes: a name for each label.
        source: name of the file or folder, for a reader of the results on another machine.
        notes: in what the images differ from the published ones.
    """

    name: str
    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels
    classes: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all images and labels: equal data sets have equal ones."""
        digest = hashlib.sha256()
        for array in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def load(path: Path | None = None, name: str = "cifar10") -> Dataset:
    """Read a data set.

    Args:
        path: a folder that is or holds the published one, the published archive, or an .npz
            with the arrays x_train, y_train, x_test and y_test. Default: Keras's cache, filled
            from the network at the first call.
        name: "cifar10" or "cifar100". Default "cifar10".

    Returns:
        The checked images and labels.

    Raises:
        DataError: if they cannot be read or are not what they should be.
    """
    layout = LAYOUTS[name]
    found = _found(path, name, layout)
    train_images, train_labels = _checked(found, "training", layout)
    test_images, test_labels = _checked(found, "test", layout)
    return Dataset(
        name=name,
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        classes=found.names or layout.default_names,
        source=found.source,
        notes=(*found.notes, *_compression(train_images)),
    )


def _found(path: Path | None, name: str, layout: Layout) -> Found:
    if path is None:
        return from_keras(name, layout)
    if not path.exists():
        raise DataError(f"{shown_path(path)}: no such file or folder")
    if path.is_dir():
        return from_folder(path, layout)
    if path.suffix == ".npz":
        return from_npz(path, layout)
    if _is_archive(path):
        return from_archive(path, layout)
    raise DataError(
        f"{shown_path(path)}: expected a folder with {layout.folder}, the published .tar.gz or an "
        f".npz. Received: a file that is none of them"
    )


def _is_archive(path: Path) -> bool:
    try:
        return tarfile.is_tarfile(path)
    except Exception:  # noqa: BLE001 - a damaged archive can raise nearly anything
        return path.suffix in {".gz", ".tgz", ".bz2", ".xz"}


def _checked(found: Found, part: str, layout: Layout) -> tuple[Images, Labels]:
    where = f"{found.source}: {part} images"
    images, labels = found.train if part == "training" else found.test
    images = checked_images(images, where)
    return images, checked_labels(labels, len(images), where, layout)


def _compression(images: Images) -> list[str]:
    """Note that images were compressed, if they show it."""
    blocks = blockiness(images)
    if blocks <= BLOCKY:
        return []
    return [
        (
            "The images show the blocks of JPEG: steps across the edges of 8 x 8 blocks are "
            f"{blocks:.2f} times those next to them. They are a compressed copy."
        )
    ]
