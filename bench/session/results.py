"""The results file: where it is, whether it can be written, and writing it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reports.sources.writing import (
    UnwritableError,
    check_writable,
    free_name,
    move,
    new_file,
    write_json,
)


def journal_path(path: Path) -> Path:
    """Return the path of the journal of a results file.

    Args:
        path: the results file.
    """
    return path.with_name(f"{path.name}.journal")


def check(path: Path) -> None:
    """Check before a sweep that its results and its journal can be written.

    Args:
        path: the results file.

    Raises:
        pytest.UsageError: if one of them cannot be written.
    """
    try:
        check_writable(path)
        check_writable(journal_path(path))
    except UnwritableError as error:
        raise pytest.UsageError(
            f"The results file must be writable before a sweep begins. Received: {error}"
        ) from error


def save(path: Path, document: Mapping[str, Any], *, keeps_older: bool) -> Path | None:
    """Write a results file, whole or not at all.

    Args:
        path: the file.
        document: its content.
        keeps_older: whether a file that is there is kept under its date.

    Returns:
        Where a file that was there is kept, None if there is none.

    Raises:
        OSError: if it cannot be written; a file that is there stays.
        UnwritableError: if the path is that of something else than a regular file.
    """
    kept = put_aside(path) if keeps_older and path.exists() else None
    try:
        write_json(path, document)
    except BaseException:
        if kept:
            move(kept, path)
        raise
    return kept


def put_aside(path: Path) -> Path:
    """Rename a file after the time at which it was written.

    Args:
        path: the file.

    Returns:
        Its new name, under which nothing was kept before.
    """
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).astimezone()
    kept = free_name(path.with_stem(f"{path.stem}-{written:%Y%m%d-%H%M%S}"), new_file)
    move(path, kept)
    return kept
