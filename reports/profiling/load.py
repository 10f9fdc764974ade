"""A folder of `python -m bench.profiling` to checked runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.sources.files import UnreadableError, read_json, showable
from reports.sources.kind import Source
from reports.sweeps.schema import (
    COUNT,
    DURATIONS,
    LARGEST_COUNT,
    SIZE,
    TEXT,
    TEXTS,
    Key,
    Kind,
    excerpt,
)
from reports.text.machine import description, hardware

NAME = "profile"
MARKER = "profile.json"
NUMBERS = "numbers.json"
HINT = "run `python -m bench.profiling` first to make one"
# Version 1: the first. Raise it when a key changes its meaning or disappears.
FORMAT = 1
# The keys of a case that operators share when they are compared.
CASE = ("batch", "height", "width", "channels", "kernel_size", "strides", "dtype")


@dataclass(frozen=True)
class Operation:
    """The time of one operation: its share of the mean step, in seconds."""

    name: str
    kind: str
    part: str
    occurrences: int
    seconds: float


@dataclass(frozen=True)
class Run:
    """One trace.

    Attributes:
        name: the run's name in TensorBoard.
        subject: what was traced: an operator on a case, or a model.
        device: "CPU" or "GPU".
        step_seconds: of each step.
        part_seconds: mean a step, by part; "other" is the rest, and all add up to the mean step.
        generation_share: kernel generation's share of involution, None where there is none.
        peak_memory_bytes: None if it was not measured.
        operations: the longest first.
        notes: what else a reader should know.
        machine_info: as in a run of the sweeps.
        commit_info: likewise.
        datetime: when it was traced.
    """

    name: str
    subject: Mapping[str, Any]
    device: str
    step_seconds: list[float]
    part_seconds: Mapping[str, float]
    generation_share: float | None
    peak_memory_bytes: int | None
    operations: list[Operation]
    notes: list[str]
    machine_info: Mapping[str, Any]
    commit_info: Mapping[str, Any]
    datetime: str

    @property
    def seconds(self) -> float:
        """The mean step."""
        return sum(self.step_seconds) / len(self.step_seconds)


def recognises(path: Path) -> bool:
    """Say whether a path is a folder of this kind."""
    return (path / MARKER).is_file()


def read(path: Path) -> Source:
    """Read a folder of traces; what is wrong with one run stops no other.

    Args:
        path: a folder that holds `MARKER`.

    Returns:
        A folder whose content is a list of `Run`, by the time they were made.

    Raises:
        UnreadableError: if it holds no sound run of this format.
    """
    _check_format(read_json(path / MARKER, HINT), MARKER)
    runs, problems = [], []
    for file in sorted(path.glob(f"*/{NUMBERS}")):
        try:
            runs.append(_run(showable(read_json(file, HINT))))
        except UnreadableError as error:
            problems.append((str(file), str(error)))
    if not runs:
        reasons = "".join(f"; {file}: {reason}" for file, reason in problems)
        raise UnreadableError(f"holds no trace with numbers; {HINT}{reasons}")
    runs.sort(key=lambda run: run.datetime)
    newest = runs[-1]
    label = description(str(path), newest.machine_info, newest.datetime)
    return Source(NAME, str(path), label, hardware(newest.machine_info), runs, problems)


def _is_seconds(value: object) -> bool:
    return type(value) in (int, float) and 0 <= value < LARGEST_COUNT  # type: ignore[operator]


SECONDS = Kind("a number of seconds of at least 0", _is_seconds, "float64")
PARTS = Kind(
    "an object of seconds by part",
    lambda value: isinstance(value, dict) and bool(value) and all(map(_is_seconds, value.values())),
    "object",
)
SHARE = Kind("a number from 0 to 1", lambda value: _is_seconds(value) and value <= 1, "float64")  # type: ignore[operator]
OBJECT = Kind("an object", lambda value: isinstance(value, dict), "object")

RUN: Mapping[str, Key] = {
    "run": Key(TEXT),
    "datetime": Key(TEXT),
    "subject": Key(OBJECT),
    "device": Key(TEXT),
    "step_seconds": Key(DURATIONS),
    "part_seconds": Key(PARTS),
    "generation_share": Key(SHARE, optional=True),
    "peak_memory_bytes": Key(COUNT, optional=True),
    "notes": Key(TEXTS),
    "machine_info": Key(OBJECT),
    "commit_info": Key(OBJECT),
}
OPERATION: Mapping[str, Key] = {
    "name": Key(TEXT),
    "kind": Key(TEXT),
    "part": Key(TEXT),
    "occurrences": Key(SIZE),
    "seconds": Key(SECONDS),
}
OPERATOR: Mapping[str, Key] = {
    "operator": Key(TEXT),
    "implementation": Key(TEXT),
    **{key: Key(TEXT if key == "dtype" else SIZE) for key in CASE},
}
MODEL: Mapping[str, Key] = {"model": Key(TEXT), "batch": Key(SIZE)}


def _run(document: object) -> Run:
    checked = _check_format(document, NUMBERS)
    known = _values(checked, RUN)
    subject = known["subject"]
    is_operator = subject.get("kind") == "operator"
    _values(subject, {**(OPERATOR if is_operator else MODEL), "direction": Key(TEXT)})
    operations = checked.get("operations")
    if not isinstance(operations, list):
        raise UnreadableError(f"operations: expected a list. Received: {excerpt(operations)}")
    return Run(
        name=known.pop("run"),
        operations=[Operation(**_values(each, OPERATION)) for each in operations],
        **known,
    )


def _check_format(document: object, name: str) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise UnreadableError(f"{name}: expected an object. Received: {excerpt(document)}")
    if type(document.get("format")) is not int or document["format"] != FORMAT:
        raise UnreadableError(
            f"{name}: unknown format: expected format={FORMAT}. "
            f"Received: {excerpt(document.get('format'))}"
        )
    return document


def _values(document: object, keys: Mapping[str, Key]) -> dict[str, Any]:
    """Return the values of some keys, all checked."""
    if not isinstance(document, dict):
        raise UnreadableError(f"expected an object. Received: {excerpt(document)}")
    faults = [
        f"{name}: expected {key.kind.expected}. "
        f"Received: {excerpt(document[name]) if name in document else 'nothing'}"
        for name, key in keys.items()
        if not (key.kind.accepts(document.get(name)) or _is_gap(document, name, key))
    ]
    if faults:
        raise UnreadableError("; ".join(faults))
    return {name: document[name] for name in keys}


def _is_gap(document: Mapping[str, Any], name: str, key: Key) -> bool:
    return key.optional and name in document and document[name] is None
