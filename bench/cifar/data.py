"""CIFAR images from Keras's cache, a folder, an archive or an .npz, checked on reading."""

import hashlib
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from bench.cifar.plain import unpickle

Images = NDArray[np.uint8]
Labels = NDArray[np.int64]

SIDE, CHANNELS = 32, 3
PIXELS = SIDE * SIDE * CHANNELS
ARRAYS = ("x_train", "y_train", "x_test", "y_test")
NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


class DataError(ValueError):
    """Images that cannot be used; the message says what was expected and what came."""


@dataclass(frozen=True)
class Layout:
    """How a data set is published: its folder, and each file with its images and MD5."""

    folder: str
    train: dict[str, tuple[int, str]]
    test: dict[str, tuple[int, str]]
    label_key: bytes
    meta: str
    names_key: bytes
    classes: int


LAYOUTS = {
    "cifar10": Layout(
        folder="cifar-10-batches-py",
        train={
            "data_batch_1": (10_000, "c99cafc152244af753f735de768cd75f"),
            "data_batch_2": (10_000, "d4bba439e000b95fd0a9bffe97cbabec"),
            "data_batch_3": (10_000, "54ebc095f3ab1f0389bbae665268c751"),
            "data_batch_4": (10_000, "634d18415352ddfa80567beed471001a"),
            "data_batch_5": (10_000, "482c414d41f54cd18b22e5b47cb7c3cb"),
        },
        test={"test_batch": (10_000, "40351d587109b95175f43aff81a1287e")},
        label_key=b"labels",
        meta="batches.meta",
        names_key=b"label_names",
        classes=10,
    ),
    "cifar100": Layout(
        folder="cifar-100-python",
        train={"train": (50_000, "16019d7e3df5f24257cddd939b257f8d")},
        test={"test": (10_000, "f0ef6b0ae62326f3e7ffdfab6717acfc")},
        label_key=b"fine_labels",
        meta="meta",
        names_key=b"fine_label_names",
        classes=100,
    ),
}


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
        name: "cifar10" or "cifar100".

    Returns:
        The checked images and labels.

    Raises:
        DataError: if they cannot be read or are not what they should be.
    """
    layout = LAYOUTS[name]
    if path is None:
        return _from_keras(name, layout)
    if not path.exists():
        raise DataError(f"{path}: no such file or folder")
    if path.is_dir():
        return _from_folder(path, name, layout)
    if path.suffix == ".npz":
        return _from_arrays(path, name, layout)
    if tarfile.is_tarfile(path):
        return _from_archive(path, name, layout)
    raise DataError(
        f"{path}: expected a folder with {layout.folder}, the published .tar.gz or an .npz. "
        f"Received: a file that is none of them"
    )


def _from_keras(name: str, layout: Layout) -> Dataset:
    try:
        train, test = getattr(keras.datasets, name).load_data()
    except Exception as error:  # Keras raises a plain Exception where the network fails
        raise DataError(
            f"{name} could not be downloaded ({error}). Either connect this machine to the "
            f"network and try again, or fetch the published archive elsewhere and give its path: "
            f"--data PATH (a folder with {layout.folder}, the .tar.gz, or an .npz)"
        ) from error
    return _dataset(name, layout, (*train, *test), "keras.datasets", [])


def _from_folder(path: Path, name: str, layout: Layout) -> Dataset:
    folder = path if path.name == layout.folder else path / layout.folder
    if not folder.is_dir():
        raise DataError(f"{path}: expected a folder {layout.folder} in it. Received: none")

    def read(file: str) -> bytes:
        try:
            return (folder / file).read_bytes()
        except OSError as error:
            raise DataError(f"{folder / file}: cannot be read: {error.strerror}") from None

    return _from_batches(read, folder.name, name, layout)


def _from_archive(path: Path, name: str, layout: Layout) -> Dataset:
    """Read the members by name; nothing is ever extracted, so nothing can land elsewhere."""
    try:
        with tarfile.open(path) as archive:

            def read(file: str) -> bytes:
                member = f"{layout.folder}/{file}"
                try:
                    opened = archive.extractfile(member)
                except KeyError:
                    opened = None
                if opened is None:
                    raise DataError(f"{path}: expected a member {member}. Received: none")
                return opened.read()

            return _from_batches(read, path.name, name, layout)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{path}: no sound archive: {error}") from None


def _from_batches(read: Callable[[str], bytes], source: str, name: str, layout: Layout) -> Dataset:
    changed = []

    def part(files: dict[str, tuple[int, str]]) -> tuple[Images, Labels]:
        images, labels = [], []
        for file, (count, published) in files.items():
            content = read(file)
            if hashlib.md5(content, usedforsecurity=False).hexdigest() != published:
                changed.append(file)
            batch = _batch(content, f"{source}: {file}", layout, count)
            images.append(batch[0])
            labels.append(batch[1])
        return np.concatenate(images), np.concatenate(labels)

    arrays = (*part(layout.train), *part(layout.test))
    notes = []
    if changed:
        notes.append(
            f"Not the published files: the checksums of {', '.join(changed)} differ. "
            "Accuracies may differ from published ones for that reason alone."
        )
    names = _names(read(layout.meta), f"{source}: {layout.meta}", layout)
    return _dataset(name, layout, arrays, source, notes, names)


def _batch(content: bytes, where: str, layout: Layout, count: int) -> tuple[Images, Labels]:
    """Check one published file before its images are laid out as (height, width, channel)."""
    batch = _dictionary(content, where)
    data, labels = batch.get(b"data"), batch.get(layout.label_key)
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != (count, PIXELS):
        raise DataError(
            f"{where}: expected data of uint8 ({count}, {PIXELS}). Received: {_shown(data)}"
        )
    if not isinstance(labels, list) or len(labels) != count:
        raise DataError(
            f"{where}: expected a list of {count} {layout.label_key.decode()}. "
            f"Received: {_shown(labels)}"
        )
    if not all(type(label) is int for label in labels):
        raise DataError(f"{where}: expected labels that are whole numbers")
    images = data.reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return images, _checked_labels(np.asarray(labels), where, layout)


def _names(content: bytes, where: str, layout: Layout) -> tuple[str, ...]:
    names = _dictionary(content, where).get(layout.names_key)
    if not isinstance(names, list) or len(names) != layout.classes:
        raise DataError(f"{where}: expected {layout.classes} names. Received: {_shown(names)}")
    return tuple(n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names)


def _dictionary(content: bytes, where: str) -> dict[Any, Any]:
    try:
        value = unpickle(content)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    if not isinstance(value, dict):
        raise DataError(f"{where}: expected a dictionary. Received: {_shown(value)}")
    return value


def _from_arrays(path: Path, name: str, layout: Layout) -> Dataset:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [key for key in ARRAYS if key not in archive.files]
            if missing:
                raise DataError(
                    f"{path}: expected the arrays {', '.join(ARRAYS)}. "
                    f"Received: {', '.join(archive.files) or 'none'}"
                )
            arrays = tuple(archive[key] for key in ARRAYS)
    except DataError:
        raise
    except Exception as error:  # a damaged zip file can raise nearly anything
        raise DataError(f"{path}: no sound .npz of plain arrays: {error}") from None
    expected = [sum(count for count, _ in part.values()) for part in (layout.train, layout.test)]
    counts = [arrays[place].shape[:1] for place in (0, 2)]
    notes = ["From an .npz: nothing shows whether its images are the published ones."]
    if counts != [(count,) for count in expected]:
        found = " and ".join(str(*count) for count in counts)
        published = " and ".join(map(str, expected))
        notes.append(f"{found} training and test images; the published data set has {published}.")
    return _dataset(name, layout, arrays, path.name, notes)


def _dataset(
    name: str,
    layout: Layout,
    arrays: tuple[Any, ...],
    source: str,
    notes: list[str],
    classes: tuple[str, ...] = (),
) -> Dataset:
    checked = []
    for images, labels, part in ((*arrays[:2], "training"), (*arrays[2:], "test")):
        where = f"{source}: {part} images"
        if (
            images.dtype != np.uint8
            or images.shape[1:] != (SIDE, SIDE, CHANNELS)
            or not len(images)
        ):
            raise DataError(
                f"{where}: expected uint8 (count, {SIDE}, {SIDE}, {CHANNELS}). "
                f"Received: {_shown(images)}"
            )
        # Keras keeps labels in a column of their own.
        if labels.shape not in {(len(images),), (len(images), 1)} or labels.dtype.kind not in "iu":
            raise DataError(
                f"{where}: expected {len(images)} labels that are whole numbers. "
                f"Received: {_shown(labels)}"
            )
        checked += [np.ascontiguousarray(images), _checked_labels(labels.ravel(), where, layout)]
    if not classes:
        classes = NAMES if layout.classes == len(NAMES) else tuple(map(str, range(layout.classes)))
    blocks = blockiness(checked[0])
    if blocks > BLOCKY:
        notes.append(
            f"The images show the blocks of JPEG: steps across the edges of 8 x 8 blocks are "
            f"{blocks:.2f} times those beside them. They are a compressed copy."
        )
    train_images, train_labels, test_images, test_labels = checked
    return Dataset(
        *(name, train_images, train_labels, test_images, test_labels),
        classes=classes,
        source=source,
        notes=tuple(notes),
    )


# Steps across block edges over those beside them; images that never were JPEG lie near 1.
BLOCKY = 1.05


def blockiness(images: Images) -> float:
    """Compare the steps between pixels across the edges of 8 x 8 blocks with those beside them.

    Args:
        images: (count, 32, 32, 3), uint8; the first 2000 are looked at.

    Returns:
        The ratio of their means; about 1 unless the images were compressed as JPEG.
    """
    lines = images[:2000].astype(np.int16)
    total = np.zeros(2)
    for axis in (1, 2):
        steps = np.abs(np.diff(lines, axis=axis)).mean(axis=(0, 3 - axis, 3))
        edges = np.arange(7, SIDE - 1, 8)
        total += steps[edges].mean(), (steps[edges - 1].mean() + steps[edges + 1].mean()) / 2
    return float(total[0] / total[1]) if total[1] else 1.0


def _checked_labels(labels: NDArray[Any], where: str, layout: Layout) -> Labels:
    if labels.min() < 0 or labels.max() >= layout.classes:
        raise DataError(
            f"{where}: expected labels from 0 to {layout.classes - 1}. "
            f"Received: {labels.min()} to {labels.max()}"
        )
    return labels.astype(np.int64)


def _shown(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else type(value).__name__
