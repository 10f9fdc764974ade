"""The folder of an archive: the file that marks it, and where each run is."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from reports.archive.errors import ArchiveError
from reports.archive.schema import FORMAT, PARTITIONS
from reports.sources.archive import MARKER
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.validation import excerpt
from reports.sources.writing import UnwritableError, check_writable, write_json

# Readers of a dataset skip what begins with an underscore or a dot; so does the marker.
LOCK = "_lock"
SUFFIX = ".parquet"
# Seconds to wait for another writer, who rewrites a file or two for each place of its runs: half a
# second each, of 32 runs in as many places some twenty seconds.
PATIENCE = 60
# A draft of a file with runs, as `writing.write_whole` names it.
DRAFT = re.compile(r"\.[0-9a-f]{8}\.[^.]+")
HINT = "`python -m reports archive FILE --to FOLDER` makes one"


def check(folder: Path) -> None:
    """Check that a folder is an archive that this version can read.

    Args:
        folder: the folder.

    Raises:
        ArchiveError: if it is not.
    """
    try:
        _check(folder)
    except OSError as error:
        raise ArchiveError(f"{shown_path(folder)}: cannot be read: {error.strerror}") from error


def _check(folder: Path) -> None:
    name = shown_path(folder)
    if not folder.exists():
        raise ArchiveError(f"{name}: no such folder; {HINT}")
    if not folder.is_dir():
        raise ArchiveError(f"{name}: a file; expected the folder of an archive; {HINT}")
    marker = folder / MARKER
    if not marker.exists():
        raise ArchiveError(f"{name}: no archive: expected a folder with {MARKER} in it; {HINT}")
    try:
        found = read_json(marker, HINT)
    except UnreadableError as error:
        raise ArchiveError(f"{shown_path(marker)}: {error}") from error
    number = found.get("archive") if isinstance(found, Mapping) else None
    if type(number) is not int or number < 1:
        raise ArchiveError(
            f"{shown_path(marker)}: expected archive={FORMAT}. Received: {excerpt(found)}"
        )
    if number > FORMAT:
        raise ArchiveError(
            f"{name}: written by a newer version. Expected format {FORMAT} of the archive. "
            f"Received: {number}"
        )


def prepare(folder: Path) -> None:
    """Make an archive, unless the folder is one.

    Args:
        folder: an archive, an empty folder, or one that is not there yet.

    Raises:
        ArchiveError: if it is something else, or cannot be written.
    """
    try:
        is_new = not folder.exists() or (folder.is_dir() and _is_empty(folder))
        if not is_new:
            check(folder)
        check_writable(folder / MARKER)
        if is_new:
            write_json(folder / MARKER, {"archive": FORMAT})
    except UnwritableError as error:
        raise ArchiveError(f"cannot write {error}") from error
    except OSError as error:
        raise ArchiveError(f"cannot write {shown_path(folder)}: {error.strerror}") from error


def _is_empty(folder: Path) -> bool:
    """Say whether a folder holds nothing but drafts of files that were never finished."""
    return all(name.startswith(".") for name in os.listdir(folder))  # noqa: PTH208 - names are enough


def place(folder: Path, hardware: str, month: str) -> Path:
    """Say in which folder of an archive a run is kept.

    Args:
        folder: the archive.
        hardware: the name of its hardware.
        month: when it was measured, such as "2026-11".
    """
    hive = zip(PARTITIONS, (hardware, month), strict=True)
    return folder.joinpath(*(f"{key}={value}" for key, value in hive))


def files(folder: Path) -> list[Path]:
    """List the files of an archive that hold runs.

    Args:
        folder: the archive.

    Returns:
        Their paths, in order of name. What else a reader of the dataset would find is one of them.

    Raises:
        OSError: if a folder cannot be read.
    """
    places = [folder]
    for top, names, _ in os.walk(folder, onerror=_raise):
        names[:] = [name for name in names if not _is_hidden(name)]
        places += [Path(top, name) for name in names]
    return sorted(path for each in places for path in files_in(each))


def _raise(error: OSError) -> None:
    raise error


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "_"))


def files_in(place: Path) -> list[Path]:
    """List the files with runs of one kind of machine and one month.

    Args:
        place: of `place`; it may not be there yet.

    Returns:
        Their paths, in order of name; drafts begin with a dot and are none of them.

    Raises:
        OSError: if the folder cannot be read.
    """
    names = _names(place)
    return sorted(place / name for name in names if name.endswith(SUFFIX) and not _is_hidden(name))


def delete_drafts(place: Path) -> None:
    """Delete what writers left that were killed; the caller keeps other writers away.

    Args:
        place: of `place`; it may not be there yet.
    """
    for name in filter(DRAFT.fullmatch, _names(place)):
        with suppress(OSError):  # one that stays does no harm
            (place / name).unlink()


def _names(place: Path) -> list[str]:
    """The names in a folder; none where there is no folder yet."""
    try:
        return os.listdir(place)  # noqa: PTH208 - names are enough
    except FileNotFoundError:
        return []


def locked(folder: Path) -> FileLock:
    """Keep other writers of an archive waiting; the system ends this when the process ends.

    Args:
        folder: the archive.

    Returns:
        A context; entering it raises `filelock.Timeout` after a minute of another writer's work.
    """
    # Others of the owner's group may write, too, if the owner's mask lets them.
    return FileLock(folder / LOCK, timeout=PATIENCE, mode=0o666)
