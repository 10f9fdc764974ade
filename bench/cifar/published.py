"""CIFAR as it is published: a folder of pickles, or the archive of it."""

import hashlib
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from bench.cifar.checks import DataError, Images, Labels, checked_labels, shown
from bench.cifar.layouts import CHANNELS, PIXELS, SIDE, Layout
from bench.cifar.plain import unpickle
from reports.sources.files import shown_path

# The largest published file has 155 MB. A few bytes can unpack to any number of bytes.
MOST_BYTES = 2**30


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
    holds_files = path.name == layout.folder or (path / layout.meta).is_file()
    folder = path if holds_files else path / layout.folder
    if not folder.is_dir():
        raise DataError(
            f"{shown_path(path)}: expected a folder {layout.folder} in it. Received: none"
        )

    def read(file: str) -> bytes:
        where = shown_path(folder / file)
        try:
            _check_size((folder / file).stat().st_size, where)
            return (folder / file).read_bytes()
        except OSError as error:
            raise DataError(f"{where}: cannot be read: {error.strerror}") from None

    return _from_files(read, shown_path(folder.name), layout)


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
            members = _members(archive, layout)

            def read(file: str) -> bytes:
                if file not in members:
                    return _missing(path, f"{layout.folder}/{file}")
                return _content(archive, members[file], f"{shown_path(path)}: {file}")

            return _from_files(read, shown_path(path.name), layout)
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged archive can raise nearly anything
        raise DataError(f"{shown_path(path)}: not a valid archive: {error}") from None


def _members(archive: tarfile.TarFile, layout: Layout) -> dict[str, tarfile.TarInfo]:
    """Find the published files in an archive, below whatever folders it was packed with.

    The last folder of a member is the published one, or the member is in no folder at all.
    """
    found: dict[str, tarfile.TarInfo] = {}
    for member in archive:
        # Neither `.` nor the root is a folder that says anything.
        parts = [part for part in PurePosixPath(member.name).parts if part.strip("./")]
        if member.isreg() and parts and parts[-2:-1] in ([], [layout.folder]):
            found.setdefault(parts[-1], member)
    return found


def _missing(path: Path, member: str) -> NoReturn:
    raise DataError(f"{shown_path(path)}: expected a member {member}. Received: none")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, where: str) -> bytes:
    _check_size(member.size, where)
    opened = archive.extractfile(member)
    assert opened is not None, "a regular file has content"
    return opened.read()


def _check_size(size: int, where: str) -> None:
    if size > MOST_BYTES:
        raise DataError(f"{where}: expected at most {MOST_BYTES:,} bytes. Received: {size:,}")


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
    data, labels = (_value(batch, key) for key in (b"data", layout.label_key))
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape != (count, PIXELS):
        raise DataError(
            f"{where}: expected data of uint8 ({count}, {PIXELS}). Received: {shown(data)}"
        )
    if isinstance(labels, np.ndarray):  # as some keep them who write the files again
        labels = labels.ravel().tolist()
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
    names = _value(_dictionary(content, where), layout.names_key)
    if not isinstance(names, list) or len(names) != layout.classes:
        raise DataError(f"{where}: expected {layout.classes} names. Received: {shown(names)}")
    return tuple(n.decode("utf-8", "replace") if isinstance(n, bytes) else str(n) for n in names)


def _value(batch: Mapping[Any, Any], key: bytes) -> Any:
    """Look up a key, which is bytes as published and a string where Python 3 wrote the file."""
    return batch.get(key, batch.get(key.decode()))


def _dictionary(content: bytes, where: str) -> dict[Any, Any]:
    try:
        value = unpickle(content)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from None
    if not isinstance(value, dict):
        raise DataError(f"{where}: expected a dictionary. Received: {shown(value)}")
    return value
