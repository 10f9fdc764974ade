"""Files of results to one tidy, checked table of records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reports.kinds import KINDS
from reports.sources.files import UnreadableError, read_json, showable
from reports.sources.kind import Source
from reports.sweeps.schema import FORMAT, IDENTITY, LARGEST_COUNT, RECORD, Key, excerpt, faults

HINT = "run `pytest bench --benchmark-only` first to make one"

# What makes a record a point of a sweep: a second one with the same values is a duplicate.
POINT = (
    *("sweep", "axis_value", "operator", "implementation", "executor", "direction"),
    *("batch", "height", "width", "channels", "kernel_size", "strides", "groups", "dtype"),
)

# Processes waiting for each core; starting a run leaves a load of some 0.3 on its own.
BUSY = 0.5


@dataclass(frozen=True)
class Run:
    """One file: where and when it was measured, and what it holds."""

    path: str
    datetime: str
    machine_info: Mapping[str, Any]
    commit_info: Mapping[str, Any]
    sweep_size: str
    benchmark_version: str
    records: int
    warnings: tuple[str, ...] = ()
    conditions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """All that was read.

    Attributes:
        records: one row a record: the keys of `schema.RECORD` (seconds and bytes as plain
            numbers, NaN where null; `seconds` and `baseline_seconds` hold one array each),
            `file`, `fullname` and `axis_value`, the value on the sweep's axis.
        unmeasured: the same identity columns for cases that could not be measured.
        runs: one a file that was read.
        problems: (path, reason) for each file, folder or record that was left out.
        folders: results of the other kinds, in the order given.
    """

    records: pd.DataFrame
    unmeasured: pd.DataFrame
    runs: list[Run] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    folders: list[Source] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.records.empty and self.unmeasured.empty and not self.folders


def load(paths: Iterable[str | Path]) -> Results:
    """Read results of any kind; what is wrong with one does not stop the others.

    Args:
        paths: files written by `pytest bench --benchmark-only`, and folders of the other
            kinds of results, `kinds.KINDS`.

    Returns:
        The records of all sound files, the sound folders, and a problem for each file, folder
        or record left out.
    """
    parts, folders = list[Results](), list[Source]()
    problems, seen = [], set()
    for path in map(Path, paths):
        identity = path.resolve()
        if identity in seen:
            problems.append((str(path), "given twice; its records are counted once"))
            continue
        seen.add(identity)
        try:
            if path.is_dir():
                folders.append(_folder(path))
            else:
                parts.append(from_document(read_json(path, HINT), str(path)))
        except UnreadableError as error:
            problems.append((str(path), str(error)))
    return Results(
        records=_concatenate([part.records for part in parts], _frame([], RECORD)),
        unmeasured=_concatenate([part.unmeasured for part in parts], _frame([], IDENTITY)),
        runs=[run for part in parts for run in part.runs],
        problems=[
            *problems,
            *(problem for part in parts for problem in part.problems),
            *(problem for folder in folders for problem in folder.problems),
        ],
        folders=folders,
    )


def from_document(document: object, path: str) -> Results:
    """Check one run that is already parsed, such as pytest-benchmark's own dictionary.

    Args:
        document: the content of the JSON file.
        path: the name under which the run is reported.

    Returns:
        The run's records; bad records become problems.

    Raises:
        UnreadableError: if it is no run of this benchmark.
    """
    content = _checked(showable(document))
    # pytest-benchmark writes null for `data` when a save was made without raw rounds.
    measured = [_record(entry) for entry in content["benchmarks"]]
    if measured and all(record.get("seconds") is None for record in measured):
        raise UnreadableError(
            "holds no raw rounds: expected stats.data in each benchmark. "
            "Use --benchmark-json, or --benchmark-save with --benchmark-save-data"
        )
    records, faulty = _sort_out(measured, RECORD)
    unmeasured, faulty_too = _sort_out(content.get("unmeasured") or [], IDENTITY)
    reasons = [(path, reason) for reason in faulty + faulty_too]
    if not records and not unmeasured:
        reasons.append((path, "holds no sound record"))
    return Results(
        _frame(records, RECORD).assign(file=path),
        _frame(unmeasured, IDENTITY).assign(file=path),
        [_run(content, path, len(records))],
        reasons,
    )


def _folder(path: Path) -> Source:
    """Read a folder of results, whose kind shows in the file that lies in it."""
    for kind in KINDS:
        if kind.recognises(path):
            return kind.read(path)
    expected = " or ".join(f"{kind.title} ({kind.command})" for kind in KINDS)
    raise UnreadableError(f"a folder that holds no results: expected {expected}")


def _checked(document: object) -> dict[str, Any]:
    """Refuse what is no run of this benchmark, saying what was expected and what came."""
    expected = "expected a run of this benchmark, with `benchmarks` and `suite`"
    if not isinstance(document, dict):
        raise UnreadableError(f"{expected}. Received: {excerpt(document)}")
    suite = document.get("suite")
    if not isinstance(suite, dict) or not isinstance(document.get("benchmarks"), list):
        keys = excerpt(", ".join(map(str, document)) or "nothing", 100)
        raise UnreadableError(f"{expected}. Received the keys: {keys}")
    if suite.get("format") not in (FORMAT, 2) or isinstance(suite.get("format"), bool):
        raise UnreadableError(
            f"unknown format: expected suite.format={FORMAT}. "
            f"Received: {excerpt(suite.get('format'))}"
        )
    if not isinstance(document.get("unmeasured") or [], list):
        raise UnreadableError(
            f"unmeasured: expected a list. Received: {excerpt(document['unmeasured'])}"
        )
    return document


def _run(content: Mapping[str, Any], path: str, records: int) -> Run:
    return Run(
        path=path,
        datetime=str(content.get("datetime") or ""),
        machine_info=_mapping(content.get("machine_info")),
        commit_info=_mapping(content.get("commit_info")),
        sweep_size=str(content["suite"].get("sweep_size") or ""),
        benchmark_version=str(content.get("version") or ""),
        records=records,
        warnings=_warnings(content),
        conditions=_conditions(content),
    )


def _record(entry: object) -> dict[str, object]:
    """Lift a benchmark's record and raw rounds out of pytest-benchmark's entry."""
    benchmark = _mapping(entry)
    record = _mapping(benchmark.get("extra_info"))
    return {
        **({"profiler_flops": record["counted_flops"]} if "counted_flops" in record else {}),
        **record,
        "seconds": _mapping(benchmark.get("stats")).get("data"),
        "fullname": str(benchmark.get("fullname") or benchmark.get("name") or ""),
    }


def _sort_out(
    candidates: list[Any], keys: Mapping[str, Key]
) -> tuple[list[dict[str, object]], list[str]]:
    """Part sound records from faulty ones; equal faults become one reason with a count."""
    sound, faulty, points = [], dict[str, list[str]](), set()
    for number, candidate in enumerate(candidates, start=1):
        record = dict(_mapping(candidate))
        name = str(record.get("fullname") or "") or f"number {number}"
        found = faults(record, keys)
        if not found:
            record["axis_value"] = record[str(record["axis"])]
            point = tuple(record[key] for key in POINT)
            found = ["holds the same point of its sweep as another record"] * (point in points)
            points.add(point)
        if found:
            faulty.setdefault("; ".join(found), []).append(name)
        else:
            sound.append(record)
    return sound, [_counted(reason, names) for reason, names in faulty.items()]


def _counted(reason: str, names: list[str]) -> str:
    if len(names) == 1:
        return f"record {names[0]} left out: {reason}"
    return f"{len(names)} records left out, the first {names[0]}: {reason}"


def _frame(records: list[dict[str, object]], keys: Mapping[str, Key]) -> pd.DataFrame:
    """A table with typed columns, also when there is no record."""
    columns = {
        name: pd.Series([record[name] for record in records], dtype=key.dtype)
        for name, key in keys.items()
    }
    for name in {"seconds", "baseline_seconds"} & columns.keys():
        columns[name] = columns[name].map(lambda values: np.asarray(values, dtype=np.float64))
    for name in ("axis_value", "fullname"):
        values = [record.get(name, "") for record in records]
        columns[name] = pd.Series(values, dtype=object)
    columns["file"] = pd.Series([""] * len(records), dtype=object)
    return pd.DataFrame(columns)


def _concatenate(frames: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else empty


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _conditions(document: Mapping[str, Any]) -> dict[str, float]:
    """What was measured of the machine itself; only numbers that can be one."""
    found = _mapping(document.get("conditions"))
    return {
        name: float(value)
        for name, value in found.items()
        if type(value) in (int, float) and 0 <= value < LARGEST_COUNT
    }


def _warnings(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Reasons to doubt a run that is otherwise sound; each says what to do about it."""
    found = []
    if _mapping(document.get("commit_info")).get("dirty") is True:
        found.append("Measured with uncommitted changes: commit them to make it repeatable.")
    machine = _mapping(document.get("machine_info"))
    if not machine:
        found.append("Says nothing about its machine: compare it with no other run.")
    if document["suite"].get("sweep_size") == "quick":
        found.append("A quick run: few rounds; use --sweep-size default to decide on it.")
    cores, load = machine.get("cores"), _conditions(document).get("load", 0)
    if type(cores) is int and load > BUSY * cores:
        found.append(
            f"The machine was busy when it began (load {load:.1f} on {cores} cores): "
            "stop what else runs and measure again."
        )
    return tuple(found)
