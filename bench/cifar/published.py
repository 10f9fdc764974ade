"""CIFAR as it is published: a folder of pickles, or the archive of it."""

import hashlib
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.cifar.checks import DataError, Images, Labels, checked_labels, shown
from bench.cifar.layouts import CHANNELS, PIXELS, SIDE, Layout
from bench.cifar.plain import unpickle


@dataclass(frozen=True)
class Found:
    """Arrays as a source holds them; those of plain arrays are not checked yet.

    Attributes:
        train: images and labels.
        test: images and labels.
        source: the name of the file or folder.
        notes: in what they differ from the published ones.
        names: of the classes; empty if the source has none.
    """

    train: tuple[NDArray[Any], NDArray[Any]]
    test: tuple[NDArray[Any], NDArray[Any]]
    source: str
    notes: list[str] = field(default_factory=list)
    names: tuple[str, ...] = ()


def from_folder(path: Path, layout: Layout) -> Found:
    """Read the published folder.

    Args:
        path: the folder, or the one that holds it.
        layout: how the data set is published.

    Returns:
        The images and labels, checked, and the names of the classes.

    Raises:
        DataError: if a file cannot be read or is not what it should be.
    """
    folder = path if path.name == layout.folder else path / layout.folder
    if not folder.is_dir():
        raise DataError(f"{path}: expected a folder {layout.folder} in it. Received: none")

    def read(file: str) -> bytes:
        try:
            return (folder / file).read_bytes()
        except OSError as error:
            raise DataError(f"{folder / file}: cannot be read: {error.strerror}") from None

    return _from_files(read, folder.name, layout)


def from_archive(path: Path, layout: Layout) -> Found:
    """Read the published archive; no file is ever extracted, so none can be written elsewhere.

    Args:
        path: the archive.
        layout: how the data set is published.

    Returns:
        The images and labels, checked, and the names of the classes.

    Raises:
        DataError: if it cannot be read or a member is not what it should be.
    """
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

            return _from_files(read, path.name, layout)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{path}: not a valid archive: {error}") from None


def _from_files(read: Callable[[str], bytes], source: str, layout: Layout) -> Found:
    changed: list[str] = []

    def part(files: Mapping[str, tuple[int, str]]) -> tuple[Images, Labels]:
        images, labels = [], []
        for file, (count, published) in files.items():
            content = read(file)
            if hashlib.md5(content, usedforsecurity=False).hexdigest() != published:
                changed.append(file)
            batch = _batch(content, f"{source}: {file}", layout, count)
            images.append(batch[0])
            labels.append(batch[1])
        return np.concatenate(images), np.concatenate(labels)

    train, test = part(layout.train), part(layout.test)
    notes = []
    if changed:
        notes.append(
            f"Not the published files: the checksums of {', '.join(changed)} differ. "
            "Accuracies may differ from published ones for that reason alone."
        )
    names = _names(read(layout.meta), f"{source}: {layout.meta}", layout)
    return Found(train, test, source, notes, names)


def _batch(content: bytes, where: str, layout: Layout, count: int) -> tuple[Images, Labels]:
    """Check one published file before its images are laid out as (height, width, channel)."""
    batch = _dictionary(content, where)
    data, labels = batch.get(b"data"), batch.get(layout.label_key)
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != (count, PIXELS):
        raise DataError(
            f"{where}: expected data of uint8 ({count}, {PIXELS}). Received: {shown(data)}"
        )
    if not isinstance(labels, list) or len(labels) != count:
        raise DataError(
            f"{where}: expected a list of {count} {layout.label_key.decode()}. "
            f"Received: {shown(labels)}"
        )
    if not all(type(label) is int for label in labels):
        raise DataError(f"{where}: expected labels that are whole numbers")
    images = data.reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return images, checked_labels(np.asarray(labels), count, where, layout)


def _names(content: bytes, where: str, layout: Layout) -> tuple[str, ...]:
    names = _dictionary(content, where).get(layout.names_key)
    if not isinstance(names, list) or len(names) != layout.classes:
        raise DataError(f"{where}: expected {layout.classes} names. Received: {shown(names)}")
    return tuple(n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names)


def _dictionary(content: bytes, where: str) -> dict[Any, Any]:
    try:
        value = unpickle(content)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    if not isinstance(value, dict):
        raise DataError(f"{where}: expected a dictionary. Received: {shown(value)}")
    return value
