"""Runs of the sweeps as tables of the archive: one row per record, numbers rounded."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from reports.archive.schema import (
    COLUMNS,
    DIGITS,
    NUMBER,
    OF_THE_RUN,
    ROUNDS,
    SCHEMA,
)
from reports.archive.series import series
from reports.sources.files import UnreadableError
from reports.sources.validation import LARGEST_COUNT
from reports.sweeps.analysis import evaluate
from reports.sweeps.run import SweepRun
from reports.sweeps.stages import LOADED, UNMEASURED
from reports.text import identity

# By column, the judged table's own name, where the record's is taken by something else.
RENAMED = {"seconds": "median_seconds", ROUNDS.name: "seconds"}
COMMIT = re.compile(r"[0-9a-f]{7,64}")
# Letters of the digest of a run.
LONG_ENOUGH = 32
NO_MONTH = "unknown"

Floats = NDArray[np.float64]


def digest(document: object) -> str:
    """Name a run by the content of its results file, however that is written down.

    Args:
        document: parsed JSON.

    Returns:
        Small letters and digits.

    Raises:
        UnreadableError: if it is nested too deeply.

    Example:
        >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
        True
    """
    try:
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        raise UnreadableError("nested too deeply for results of this project") from None
    return hashlib.sha256(text.encode()).hexdigest()[:LONG_ENOUGH]


def rounded(values: Floats, digits: int) -> Floats:
    """Round numbers to binary digits, so that the rest of each compresses to nothing.

    Args:
        values: any shape.
        digits: how many to keep after the first.

    Returns:
        The nearest numbers, which differ by up to one part in `2 ** (digits + 1)`; NaN stays.

    Example:
        >>> rounded(np.array([1.0, 1.2345]), 4)
        array([1.  , 1.25])
    """
    fractions, exponents = np.frexp(values)
    return np.asarray(np.ldexp(np.round(np.ldexp(fractions, digits + 1)), exponents - digits - 1))


@dataclass(frozen=True, eq=False)
class NamedRun:
    """A run on its way into the archive.

    Attributes:
        run: what was read.
        name: its digest.
        source: the name of its results file, as a page can show it.
    """

    run: SweepRun
    name: str
    source: str


def tables(runs: Sequence[NamedRun]) -> list[pa.Table]:
    """Make the rows of runs.

    They are judged together: for each by itself it takes as long as for ten.

    Args:
        runs: the runs, each with a name of its own.

    Returns:
        For each a table with all columns of the archive, in the order of its records.
    """
    records = _records(runs)
    of_records = {
        column.name: _array(records[RENAMED.get(column.name, column.name)], column.type)
        for column in COLUMNS
        if column not in OF_THE_RUN
    }
    whole = pa.table(of_records)
    names = records["file"].to_numpy()
    return [_with_run(whole.filter(pa.array(names == each.name)), each) for each in runs]


def _with_run(rows: pa.Table, named: NamedRun) -> pa.Table:
    """Add the columns of the run to its rows."""
    values = _of_the_run(named)
    arrays = {
        column.name: pa.repeat(pa.scalar(values[column.name], column.type), len(rows))
        for column in OF_THE_RUN
    }
    columns = [arrays[name] if name in arrays else rows[name] for name in SCHEMA.names]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def month(run: SweepRun) -> str:
    """Say in which month a run was measured, for the folder that it goes to.

    Args:
        run: the run.

    Returns:
        Such as "2026-11"; "unknown" where the run does not say.
    """
    when = _time(run.datetime)
    return f"{when:%Y-%m}" if when else NO_MONTH


def _records(runs: Sequence[NamedRun]) -> pd.DataFrame:
    """Join measured records and the others, with what identifies each; `file` is the run's name."""
    measured = evaluate(LOADED.joined(each.run.records.assign(file=each.name) for each in runs))
    missing = UNMEASURED.joined(each.run.unmeasured.assign(file=each.name) for each in runs)
    parts = [measured.assign(is_measured=True), missing.assign(is_measured=False)]
    names = dict.fromkeys(name for part in parts for name in part)
    # Lists, since a table without rows would change the types of columns that are joined.
    columns = {
        name: [
            value
            for part in parts
            for value in (part[name].tolist() if name in part else [None] * len(part))
        ]
        for name in names
    }
    joined = pd.DataFrame({name: pd.Series(each, dtype=object) for name, each in columns.items()})
    models = {each.name: each.run.model for each in runs}
    numbers = joined.groupby("file").cumcount()
    return joined.assign(record=numbers, series=series(joined, models))


def _of_the_run(named: NamedRun) -> dict[str, object]:
    run = named.run
    info, commit = run.machine_info, run.commit_info
    dirty = commit.get("dirty")
    return {
        "run": named.name,
        "measured_at": _time(run.datetime),
        "commit": _hash(commit.get("id")),
        "commit_time": _time(commit.get("time")),
        "branch": _text(commit.get("branch")),
        "dirty": dirty if isinstance(dirty, bool) else None,
        "project": _text(commit.get("project")),
        "sweep_size": run.sweep_size or None,
        "source": named.source,
        "machine": identity.machine_in_words(info),
        "python": _text(info.get("python_version")),
        "tensorflow": _text(info.get("tensorflow")),
        "keras": _text(info.get("keras")),
        "software": identity.software_in_words(info),
        "machine_info": _json(info),
        "conditions": _json(run.conditions),
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _hash(value: object) -> str | None:
    return value if isinstance(value, str) and COMMIT.fullmatch(value) else None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(_finite(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _finite(value: Any) -> Any:
    """Replace numbers that Python's JSON has and that of databases lacks: NaN and infinities."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _time(text: object) -> datetime | None:
    """Read a moment in ISO 8601, in UTC where it does not say; None where it is none."""
    try:
        found = datetime.fromisoformat(str(text))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _array(values: pd.Series, kind: pa.DataType) -> pa.Array:
    """Make a column of a type of the archive from the values of a table."""
    missing = values.isna()
    cells = [None if is_none else value for value, is_none in zip(values, missing, strict=True)]
    if kind == NUMBER:
        found = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        return pa.array(rounded(found, DIGITS), kind, from_pandas=True)
    if pa.types.is_list(kind):
        return _lists(cells, kind)
    if pa.types.is_string(kind):
        return pa.array([None if cell is None else str(cell) for cell in cells], kind)
    if pa.types.is_integer(kind):
        return pa.array([None if cell is None else _count(cell) for cell in cells], kind)
    return pa.array(cells, kind)


def _count(value: float) -> int:
    """Return a count as 64 bits hold it; one that is larger comes from no measurement."""
    return min(int(value), LARGEST_COUNT)


def _lists(cells: Sequence[Iterable[Any] | None], kind: pa.DataType) -> pa.Array:
    if pa.types.is_integer(kind.value_type):
        return pa.array([None if cell is None else [*map(_count, cell)] for cell in cells], kind)
    if kind.value_type != NUMBER:
        return pa.array([None if cell is None else list(cell) for cell in cells], kind)
    arrays = [None if cell is None else np.asarray(cell, dtype=np.float64) for cell in cells]
    return pa.array([None if each is None else rounded(each, DIGITS) for each in arrays], kind)
