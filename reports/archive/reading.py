"""Runs out of an archive, as a DataFrame."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from reports.archive import folder as folders
from reports.archive import parts
from reports.archive.schema import PARTITIONS, SCHEMA

# Lists with one entry per round: most of what an archive holds.
OF_ROUNDS = ("round_seconds", "baseline_seconds", "device_seconds", "process")
HIVE = pa.schema([(name, pa.string()) for name in PARTITIONS])
CHECKED = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)
WHOLE = pa.schema([*SCHEMA, *HIVE])
# Which of the rows of a run are the same rounds, shown by several sweeps.
SAME_ROUNDS = ("run", "series", "measurement")


def read(
    folder: str | Path,
    columns: Sequence[str] | None = None,
    *,
    hardware: str | None = None,
    series: str | None = None,
) -> pd.DataFrame:
    """Read an archive.

    Args:
        folder: the archive.
        columns: those to read, of `schema.COLUMNS` and `schema.PARTITIONS`. Default: all but the
            rounds, `OF_ROUNDS`.
        hardware: only the runs of this kind of machine. Default: of all.
        series: only the records of this series. Default: all.

    Returns:
        One row per record, in no order; null where a value is missing.

    Raises:
        ArchiveError: if the folder is no archive that this version can read, or holds a file that
            `python -m reports archive` did not write.
        ValueError: if a column is asked for that an archive does not have.
    """
    folder = Path(folder)
    folders.check(folder)
    names = [name for name in WHOLE.names if name not in OF_ROUNDS]
    names = names if columns is None else [*columns]
    unknown = [name for name in names if name not in WHOLE.names]
    if unknown:
        raise ValueError(f"expected columns of the archive. Received: {', '.join(unknown)}")
    with parts.refusing(folder):
        paths = folders.files(folder)
    for path in paths:
        parts.check(path)
    condition = _condition(hardware=hardware, series=series)
    with parts.refusing(folder):
        table = _dataset(folder, paths).to_table(columns=names, filter=condition)
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _dataset(folder: Path, paths: Sequence[Path]) -> ds.Dataset:
    return ds.dataset(
        [str(path) for path in paths],
        WHOLE,
        format=CHECKED,
        partitioning=ds.partitioning(HIVE, flavor="hive"),
        partition_base_dir=str(folder),
    )


def _condition(**wanted: str | None) -> ds.Expression | None:
    """The rows in which each of these columns has its value, unless that is None."""
    found = [ds.field(name) == value for name, value in wanted.items() if value is not None]
    return reduce(and_, found) if found else None
