"""One way to write a file: whole or not at all, and never in place of something else."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any


class UnwritableError(ValueError):
    """A path that cannot be written; the message says why."""


def check_writable(path: Path) -> None:
    """Check that a file can be written, before the work that makes its content; makes its folder.

    Args:
        path: the file.

    Raises:
        UnwritableError: if it cannot.
    """
    target = _target(path)
    files = [folder for folder in target.parents if folder.exists() and not folder.is_dir()]
    if files:
        raise UnwritableError(f"{path}: {files[0].name} is a file; expected a folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target.parent):
            pass
    except OSError as error:
        raise UnwritableError(f"{path}: {error.strerror}") from error


def write_whole(path: Path, write: Callable[[Path], object], suffix: str = "") -> None:
    """Write next to the target, then rename: a reader sees the old file or the new one.

    Args:
        path: the target; its folder is made if missing. A link stays, and what it leads to is
            written.
        write: writes to the path that it is given.
        suffix: how that path must end.

    Raises:
        UnwritableError: if the target is there and is no regular file.
        OSError: if it cannot be written; nothing is left behind.
    """
    target = _target(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=suffix)
    os.close(handle)
    draft = Path(name)
    try:
        write(draft)
        # Without it a power failure after the rename could leave an empty file.
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        # A temporary file is private to its owner; results have the usual permissions.
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> int:
    """Write a string as UTF-8, whole or not at all.

    Args:
        path: the file.
        text: its content.

    Returns:
        How many bytes were written.

    Raises:
        UnwritableError: if the target is there and is no regular file.
        OSError: if it cannot be written.
    """
    content = text.encode("utf-8")
    write_whole(path, lambda draft: draft.write_bytes(content))
    return len(content)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON file, whole or not at all.

    Args:
        path: the file.
        document: plain values; numbers that are not finite are refused.

    Raises:
        UnwritableError: if the target is there and is no regular file.
        OSError: if it cannot be written.
        ValueError: if the document is no JSON.
    """
    write_text(path, json.dumps(document, indent=1, allow_nan=False) + "\n")


def free_name(path: Path) -> Path:
    """Find a name under which nothing is kept yet.

    Args:
        path: the name that is wanted.

    Returns:
        The path itself, or with -2, -3, ... after its stem.

    Example:
        >>> free_name(Path("no", "such", "bench.json")).name
        'bench.json'
    """
    names = (
        path if number == 1 else path.with_stem(f"{path.stem}-{number}") for number in count(1)
    )
    return next(name for name in names if not os.path.lexists(name))


def _target(path: Path) -> Path:
    """Follow links to the file that is to be written."""
    target = path.resolve()
    if target.is_dir():
        raise UnwritableError(f"{path}: it is a folder; expected the name of a file")
    if target.exists() and not target.is_file():
        raise UnwritableError(f"{path}: it is no regular file")
    return target
