"""One way to write a file: whole or not at all, and never in place of something else."""

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from reports.sources.files import shown_path


class UnwritableError(ValueError):
    """A path that cannot be written; the message says why."""


def check_writable(path: Path) -> None:
    """Check that a file can be written, before the work that makes its content; makes nothing.

    Args:
        path: the file.

    Raises:
        UnwritableError: if it cannot.
    """
    target = _target(path)
    folder = next(each for each in target.parents if each.exists())
    if not folder.is_dir():
        raise UnwritableError(f"{shown_path(path)}: {folder.name} is a file; expected a folder")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UnwritableError(f"{shown_path(path)}: {error.strerror}") from error


def check_output(path: Path, sources: Iterable[Path]) -> None:
    """Check that a file can be written, as `check_writable` does, and is none of those to read.

    Args:
        path: the file to write.
        sources: the files to read.

    Raises:
        UnwritableError: if it cannot, or is one of the others, by links of either kind.
    """
    if path.exists() and any(each.exists() and path.samefile(each) for each in sources):
        raise UnwritableError(f"{shown_path(path)}: it is one of the files to read")
    check_writable(path)


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
    # Not the whole name, which may have as many bytes as a name can have.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:8]}.", suffix=suffix)
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
        move(draft, target)
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


def move(source: Path, target: Path) -> None:
    """Rename a file, or copy it where one of the two is mounted and cannot be renamed.

    Args:
        source: the file.
        target: its new name; a file of that name is replaced.

    Raises:
        OSError: if it cannot be written.
    """
    try:
        source.replace(target)
    except OSError as error:
        # A single file that is mounted into a container is busy: it is written in place.
        if error.errno != errno.EBUSY:
            raise
        shutil.copyfile(source, target)


def free_name(path: Path, make: Callable[[Path], object]) -> Path:
    """Take a name under which nothing is kept yet; two processes never take the same.

    Args:
        path: the name that is wanted.
        make: makes a file or a folder; raises FileExistsError where something is there.

    Returns:
        The path itself, or with -2, -3, ... after its stem.
    """
    for number in count(1):
        name = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            make(name)
        except FileExistsError:
            continue
        return name
    raise AssertionError("there is always a further number")


def new_file(path: Path) -> None:
    """Make an empty file.

    Args:
        path: the file.

    Raises:
        FileExistsError: if anything has that name.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


def _target(path: Path) -> Path:
    """Follow links to the file that is to be written."""
    # Where links lead in a circle it returns the path, and the look at it below says so.
    target = Path(os.path.realpath(path))
    try:
        mode = target.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return target
    except OSError as error:
        raise UnwritableError(f"{shown_path(path)}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise UnwritableError(f"{shown_path(path)}: it is a folder; expected the name of a file")
    if not stat.S_ISREG(mode):
        raise UnwritableError(f"{shown_path(path)}: it is no regular file")
    return target
