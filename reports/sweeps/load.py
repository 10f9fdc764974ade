"""A results file to one tidy, checked table of records."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from reports.sources.case import GEOMETRY
from reports.sources.files import UnreadableError, read_json, showable_string, shown_path
from reports.sources.kind import Source
from reports.sources.validation import faults
from reports.sweeps import upgrade
from reports.sweeps.document import ResultsFile, checked_document, faults_of_model
from reports.sweeps.doubts import doubts
from reports.sweeps.record import FORMAT, MeasuredRecord, Record
from reports.sweeps.run import SweepRun
from reports.sweeps.stages import LOADED, UNMEASURED, Stage
from reports.text import machine

NAME = "sweeps"
# How the journal of a sweep begins, which is next to its results file.
JOURNAL = b'{"journal":'
# What its name has more than that of the results file.
OF_JOURNAL = re.compile(r"(?:\.process-\d+)?\.journal$")
HINT = "run `pytest bench --benchmark-only` first to make one"

# What makes a record a point of a sweep: a second one with the same values is a duplicate.
POINT = (
    *("sweep", "axis_value", "operator", "implementation", "executor", "direction", "is_twin"),
    *GEOMETRY,
    "groups",
)
# Raw rounds, as one array per record.
ARRAYS = ("seconds", "baseline_seconds", "device_seconds")


def point(record: Mapping[Any, object]) -> tuple[object, ...]:
    """Return what tells a record from the others of its run, also where it has no test id.

    Args:
        record: its values by key; those that it lacks are None.
    """
    return tuple(record.get(key) for key in POINT)


def recognises(path: Path) -> bool:
    """Say whether a path can be a results file: all other kinds of results are folders."""
    return not path.is_dir()


def read(path: Path) -> Source:
    """Read a results file; what is wrong with one record does not stop the others.

    Args:
        path: a file that `pytest bench --benchmark-only` wrote.

    Returns:
        A source whose content is a `SweepRun`.

    Raises:
        UnreadableError: if it is no results file that can be read.
    """
    return source(run_of(path))


def run_of(path: Path) -> SweepRun:
    """Read the run of a results file, as `read` does.

    Args:
        path: a file that `pytest bench --benchmark-only` wrote.

    Raises:
        UnreadableError: if it is no results file that can be read.
    """
    return from_document(document_of(path), shown_path(path))


def document_of(path: Path) -> object:
    """Parse a results file, without a check of what it holds.

    Args:
        path: a file that `pytest bench --benchmark-only` wrote.

    Raises:
        UnreadableError: if it cannot be read, is no JSON, or is the journal of a sweep.
    """
    if is_journal(path):
        results = results_of_journal(path)
        found = f"; its results are in {shown_path(results)}" if results else ""
        raise UnreadableError(
            "the journal of a sweep, from which its results file is written: the command of the "
            f"sweep with --resume writes it{found}"
        )
    return read_json(path, HINT)


def is_journal(path: Path) -> bool:
    """Say whether a file is the journal of a sweep.

    Args:
        path: any; it need not be there.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(JOURNAL)) == JOURNAL
    except OSError:  # whoever reads it is told why it cannot be read
        return False


def results_of_journal(path: Path) -> Path | None:
    """Find the results file that was written from a journal.

    Args:
        path: the journal, of a sweep or of one of its processes.

    Returns:
        The results file, None where it is not there.
    """
    results = path.with_name(OF_JOURNAL.sub("", path.name))
    return results if results != path and results.is_file() else None


def source(run: SweepRun) -> Source:
    """Make a run one of the sources of a page.

    Args:
        run: of `from_document`.
    """
    return Source(
        kind=NAME,
        path=run.path,
        name=Path(run.path).name,
        origin=machine.origin(run.machine_info, run.datetime),
        hardware=machine.hardware(run.machine_info),
        content=run,
        problems=list(run.problems),
        is_empty=run.records.empty and run.unmeasured.empty,
    )


def from_document(document: object, path: str) -> SweepRun:
    """Check one run that is already parsed, such as pytest-benchmark's own dictionary.

    Args:
        document: the content of the JSON file.
        path: the name under which the run is reported.

    Returns:
        The run; records that are not valid become problems.

    Raises:
        UnreadableError: if it is no run of this benchmark.
    """
    content = checked_document(document)
    measured = _benchmarks(content)
    missing = [dict(_mapping(entry)) for entry in content.unmeasured]
    if content.suite.format < FORMAT:
        measured = [upgrade.from_format_1(each, is_measured=True) for each in measured]
        missing = [upgrade.from_format_1(each, is_measured=False) for each in missing]
    records, left_out = _valid(measured, MeasuredRecord)
    unmeasured, left_out_too = _valid(missing, Record)
    reasons = [*left_out, *left_out_too, *faults_of_model(document)]
    if not records and not unmeasured:
        reasons.append("holds no valid record")
    return SweepRun(
        path=path,
        datetime=content.datetime,
        machine_info=content.machine_info,
        commit_info=content.commit_info,
        sweep_size=content.suite.sweep_size,
        benchmark_version=content.version,
        records=_frame(records, LOADED, path),
        unmeasured=_frame(unmeasured, UNMEASURED, path),
        warnings=tuple(doubts(content)),
        conditions=content.conditions,
        model=content.model,
        comparison=content.comparison,
        problems=tuple((path, reason) for reason in reasons),
    )


def _benchmarks(content: ResultsFile) -> list[dict[str, object]]:
    """Return the record of each benchmark with its raw rounds; one of them at least has some."""
    measured = [lifted(entry) for entry in content.benchmarks]
    # pytest-benchmark writes null for `data` when a save was made without raw rounds.
    if measured and all(entry["seconds"] is None for entry in measured):
        raise UnreadableError(
            "holds no raw rounds: expected stats.data in each benchmark. "
            "Use --benchmark-json, or --benchmark-save with --benchmark-save-data"
        )
    return measured


def lifted(entry: object) -> dict[str, Any]:
    """Join a benchmark's record and raw rounds, which pytest-benchmark keeps apart.

    Args:
        entry: one of `benchmarks` of a results file, not checked.
    """
    benchmark = _mapping(entry)
    return {
        **_mapping(benchmark.get("extra_info")),
        "seconds": _mapping(benchmark.get("stats")).get("data"),
        "fullname": str(benchmark.get("fullname") or benchmark.get("name") or ""),
    }


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _valid(
    candidates: Sequence[Mapping[str, object]], schema: type[Record]
) -> tuple[list[dict[str, object]], list[str]]:
    """Separate valid records from the others; equal faults become one reason with a count."""
    valid, left_out, points = list[dict[str, object]](), dict[str, list[str]](), set[object]()
    for number, candidate in enumerate(candidates, start=1):
        name = showable_string(str(candidate.get("fullname") or ""))
        try:
            record = _row(schema.model_validate(candidate), name)
        except ValidationError as error:
            reason = "; ".join(faults(schema, candidate, error))
        else:
            at = point(record)
            if at not in points:
                points.add(at)
                valid.append(record)
                continue
            reason = "holds the same point of its sweep as another record"
        left_out.setdefault(reason, []).append(name or f"number {number}")
    return valid, [_counted(reason, names) for reason, names in left_out.items()]


def _row(record: Record, fullname: str) -> dict[str, object]:
    value = record.on_axis
    return {
        **record.__dict__,
        "axis_value": showable_string(value) if isinstance(value, str) else value,
        "is_twin": bool(record.is_twin),
        "is_model": record.is_model or record.published_operations is not None,
        "dilation_rate": record.dilation_rate or 1,
        "padding": record.padding or "same",
        "filters": record.filters or record.channels,
        "fullname": fullname,
    }


def _counted(reason: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"record {names[0]} left out: {reason}"
    return f"{len(names)} records left out, the first {names[0]}: {reason}"


def _frame(records: Sequence[Mapping[str, object]], stage: Stage, path: str) -> pd.DataFrame:
    """Make a table with typed columns, also when there is no record."""
    columns = {
        name: pd.Series([_cell(record, name) for record in records], dtype=dtype)
        for name, dtype in stage.columns.items()
        if name != "file"
    }
    file = pd.Series([path] * len(records), dtype=object)
    return stage.checked(pd.DataFrame({**columns, "file": file}))


def _cell(record: Mapping[str, object], name: str) -> object:
    value = record[name]
    if name in ARRAYS and value is not None:
        return np.asarray(value, dtype=np.float64)
    return value
