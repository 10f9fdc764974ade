"""The folder of an archive: the file that marks it, and where each run is."""

import os
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from reports.archive.errors import ArchiveError
from reports.archive.schema import FORMAT, PARTITIONS
from reports.sources.files import UnreadableError, read_json, shown_path
from reports.sources.validation import excerpt
from reports.sources.writing import UnwritableError, check_writable, write_json

# Readers of a dataset skip what begins with an underscore or a dot.
MARKER = "_archive.json"
LOCK = "_lock"
SUFFIX = ".parquet"
# Seconds to wait for another writer, whose work takes less than one.
PATIENCE = 60
HINT = "`python -m reports archive FILE --to FOLDER` makes one"


def check(folder: Path) -> None:
    """Check that a folder is an archive that this version can read.

    Args:
        folder: the folder.

    Raises:
        ArchiveError: if it is not.
    """
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
    """
    places = [path for path in folder.rglob("*") if path.is_dir()]
    hidden = [path for path in places if path.name.startswith((".", "_"))]
    open_to_all = [path for path in [folder, *places] if not any(map(path.is_relative_to, hidden))]
    return sorted(path for each in open_to_all for path in files_in(each))


def files_in(place: Path) -> list[Path]:
    """List the files with runs of one kind of machine and one month.

    Args:
        place: of `place`; it may not be there yet.

    Returns:
        Their paths, in order of name; drafts begin with a dot and are none of them.
    """
    found = place.glob(f"*{SUFFIX}")
    return sorted(path for path in found if not path.name.startswith((".", "_")))


def locked(folder: Path) -> FileLock:
    """Keep other writers of an archive waiting; the system ends this when the process ends.

    Args:
        folder: the archive.

    Returns:
        A context; entering it raises `filelock.Timeout` after a minute of another writer's work.
    """
    # Others of the owner's group may write, too, if the owner's mask lets them.
    return FileLock(folder / LOCK, timeout=PATIENCE, mode=0o666)
