"""The files of an archive: each holds some runs of one kind of machine and month, by series.

A file for each run would be simpler to write. But a query for one series would open all of them,
where it now reads a few rows of a few files.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from reports.archive.errors import ArchiveError
from reports.archive.folder import SUFFIX, files_in
from reports.archive.schema import NUMBER, SCHEMA
from reports.sources.files import showable_string, shown_path
from reports.sources.writing import UnwritableError, write_whole

# Runs of a file: to add one to a file of this many takes half a second.
MOST_RUNS = 128
# Without these no row is known; any other may be newer than a file.
NEEDED = ("run", "record", "series", "is_measured")
ORDER = [(name, "ascending") for name in ("series", "measured_at", "run", "record")]

# How Parquet names the values of a column.
LEAVES = {
    field.name: f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name
    for field in SCHEMA
}
NUMBERS = [LEAVES[field.name] for field in SCHEMA if field.type in (NUMBER, pa.list_(NUMBER))]
FORM: Mapping[str, Any] = {
    "compression": "zstd",
    "compression_level": 9,
    # Bytes of equal weight next to each other: those that were rounded away compress to nothing.
    "use_byte_stream_split": NUMBERS,
    "use_dictionary": [leaf for leaf in LEAVES.values() if leaf not in NUMBERS],
    # A reader of one series skips the groups of rows that have others.
    "write_statistics": ["series"],
    "row_group_size": 4096,
    # A damaged file is told from a good one, and never written on.
    "write_page_checksum": True,
    # A second schema, in Arrow's own form, would be as large as all numbers of a run.
    "store_schema": False,
}


def read(path: Path) -> pa.Table:
    """Read a file of an archive.

    Args:
        path: the file.

    Returns:
        All of its rows; a column that is newer than the file is null.

    Raises:
        ArchiveError: if it cannot be read, or holds something else.
    """
    found = _read(path, None)
    columns = [
        found[field.name] if field.name in found.schema.names else pa.nulls(len(found), field.type)
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _read(path: Path, columns: list[str] | None) -> pa.Table:
    check(path)
    with refusing(path):
        return pq.read_table(
            path, columns=columns, partitioning=None, page_checksum_verification=True
        )


def check(path: Path) -> None:
    """Check the columns of a file; it may lack those that are newer than the file.

    Args:
        path: the file.

    Raises:
        ArchiveError: if it cannot be read, a column has another type, or one is missing without
            which no row is known.
    """
    with refusing(path):
        found = pq.read_schema(path)
        missing = [name for name in NEEDED if name not in found.names]
        if missing:
            raise ValueError(f"no column {missing[0]}")
        for field in SCHEMA:
            if field.name in found.names and found.field(field.name).type != field.type:
                kind = found.field(field.name).type
                raise ValueError(f"a column {field.name} of type {kind}")


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Name the file, or the folder of files, that could not be read.

    Args:
        path: what is read in this context.

    Raises:
        ArchiveError: if anything is raised in the context.
    """
    try:
        yield
    except ArchiveError:  # which names a file of the folder already
        raise
    except Exception as error:
        # Arrow raises OSError for files that are damaged, too, but then without a number.
        if isinstance(error, OSError) and error.errno:
            reason = os.strerror(error.errno)
            raise ArchiveError(f"{shown_path(path)}: cannot be read: {reason}") from error
        raise ArchiveError(
            f"{shown_path(path)}: expected what `python -m reports archive` wrote. "
            f"Received: {showable_string(str(error))}"
        ) from error


def runs_in(place: Path) -> dict[str, Path]:
    """Find the runs of one kind of machine and month.

    Args:
        place: of `folder.place`.

    Returns:
        The file of each run.

    Raises:
        ArchiveError: if a file or the folder cannot be read.
    """
    with refusing(place):
        return {
            run: path
            for path in files_in(place)
            for run in pc.unique(_read(path, ["run"])["run"]).to_pylist()
        }


def insert(place: Path, tables: Mapping[str, pa.Table], known: Mapping[str, Path]) -> None:
    """Add runs to the files of one kind of machine and month, each of which is replaced at once.

    A file with columns that this version does not know, which a newer one wrote, stays as it is.

    Args:
        place: of `folder.place`.
        tables: the rows of each run, by its digest; of none that is there.
        known: of `runs_in`. The caller has kept other writers away since it was called.

    Raises:
        ArchiveError: if a file cannot be read or written; those that were written hold their runs.
    """
    left = [*tables]
    for path, count in Counter(known.values()).items():
        if not left or count >= MOST_RUNS or _is_newer(path):
            continue
        taken, left = left[: MOST_RUNS - count], left[MOST_RUNS - count :]
        _write([read(path), *(tables[run] for run in taken)], path)
    while left:
        taken, left = left[:MOST_RUNS], left[MOST_RUNS:]
        # A file has the name of its first run.
        _write([tables[run] for run in taken], place / f"{taken[0]}{SUFFIX}")


def _is_newer(path: Path) -> bool:
    """Say whether a file has columns that would be lost if it were written again."""
    with refusing(path):
        return not set(pq.read_schema(path).names) <= {*SCHEMA.names}


def _write(tables: Sequence[pa.Table], path: Path) -> None:
    """Write a file of the archive, whole or not at all."""
    rows = pa.concat_tables(tables).sort_by(ORDER)
    try:
        write_whole(path, lambda draft: pq.write_table(rows, draft, **FORM))
    except (OSError, UnwritableError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArchiveError(f"cannot write {shown_path(path)}: {reason}") from error
