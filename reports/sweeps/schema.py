"""What a record must hold: a table of keys, each with the kind of value expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

# Version 1: the first. Raise it when a key changes its meaning or disappears.
FORMAT = 1

# 64-bit integers are the widest that a typed column holds.
LARGEST_COUNT = 2**63 - 1
# Wider than any clock and any patience; ratios within stay finite.
LEAST_SECONDS, MOST_SECONDS = 1e-12, 1e9


@dataclass(frozen=True)
class Kind:
    """A kind of value: in words, as a test and as a column type."""

    expected: str
    accepts: Callable[[object], bool]
    dtype: str


@dataclass(frozen=True)
class Key:
    """A key of a record; an optional one may be null, and is NaN in its column."""

    kind: Kind
    optional: bool = False

    @property
    def dtype(self) -> str:
        """The type of the key's column: integers that may be null become floats."""
        return "float64" if self.optional and self.kind.dtype == "int64" else self.kind.dtype


def _is_integer(value: object, least: int) -> bool:
    return type(value) is int and least <= value <= LARGEST_COUNT


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST_COUNT  # NaN is never


def _is_duration(value: object) -> bool:
    """A time that some clock can have measured; zero and NaN measured nothing."""
    return _is_number(value) and LEAST_SECONDS <= value <= MOST_SECONDS  # type: ignore[operator]


def _is_list_of(value: object, accepts: Callable[[object], bool]) -> bool:
    return isinstance(value, list) and all(map(accepts, value))


TEXT = Kind("a text", lambda value: isinstance(value, str), "object")
TEXTS = Kind("a list of texts", lambda value: _is_list_of(value, TEXT.accepts), "object")
COUNT = Kind("an integer of at least 0", lambda value: _is_integer(value, 0), "int64")
SIZE = Kind("an integer of at least 1", lambda value: _is_integer(value, 1), "int64")
DURATION = Kind("a number of seconds above 0", _is_duration, "float64")
DURATIONS = Kind(
    "a list of numbers of seconds above 0",
    lambda value: isinstance(value, list) and bool(value) and _is_list_of(value, _is_duration),
    "object",
)

# The geometry that a case and its baseline share; their groups may differ.
GEOMETRY = ("batch", "height", "width", "channels", "kernel_size", "strides", "dtype")

IDENTITY: Mapping[str, Key] = {
    "sweep": Key(TEXT),
    "axis": Key(TEXT),
    "operator": Key(TEXT),
    "implementation": Key(TEXT),
    "executor": Key(TEXT),
    "direction": Key(TEXT),
    "batch": Key(SIZE),
    "height": Key(SIZE),
    "width": Key(SIZE),
    "channels": Key(SIZE),
    "kernel_size": Key(SIZE),
    "strides": Key(SIZE),
    "groups": Key(SIZE),
    "dtype": Key(TEXT),
    "notes": Key(TEXTS),
}

MEASURED: Mapping[str, Key] = {
    "parameters": Key(COUNT, optional=True),
    "macs": Key(COUNT, optional=True),
    "flops": Key(COUNT, optional=True),
    "compulsory_bytes": Key(COUNT, optional=True),
    "profiler_flops": Key(COUNT, optional=True),
    "peak_memory_bytes": Key(COUNT, optional=True),
    "peak_memory_source": Key(TEXT, optional=True),
    "rounds": Key(SIZE),
    "warmup_rounds": Key(COUNT),
    "baseline_seconds": Key(DURATIONS),
    "compile_seconds": Key(DURATION, optional=True),
}

# `seconds` is not of the record itself: it is the benchmark's `stats.data`.
SECONDS: Mapping[str, Key] = {"seconds": Key(DURATIONS)}

RECORD: Mapping[str, Key] = {**IDENTITY, **MEASURED, **SECONDS}


def faults(record: Mapping[str, object], keys: Mapping[str, Key]) -> list[str]:
    """Say what is wrong with a record.

    Args:
        record: what the file holds.
        keys: the keys it must hold.

    Returns:
        One sentence a fault, each naming the key, what was expected and what came; empty
        if the record is sound.
    """
    found = []
    for name, key in keys.items():
        if name not in record:
            found.append(f"{name}: missing, expected {key.kind.expected}")
        elif record[name] is None:
            if not key.optional:
                found.append(f"{name}: expected {key.kind.expected}. Received: null")
        elif not key.kind.accepts(record[name]):
            found.append(f"{name}: expected {key.kind.expected}. Received: {excerpt(record[name])}")
    return found or _axis_faults(record) + _length_faults(record)


def _axis_faults(record: Mapping[str, object]) -> list[str]:
    axis = str(record["axis"])
    value = record.get(axis)
    if isinstance(value, str) or _is_number(value):
        return []
    return [
        f"axis: expected the name of a key that holds a number or a text. "
        f"Received: {excerpt(axis)}, which holds {excerpt(value)}"
    ]


def _length_faults(record: Mapping[str, object]) -> list[str]:
    lists = {name: record.get(name) for name in ("seconds", "baseline_seconds")}
    lengths = {name: len(value) for name, value in lists.items() if isinstance(value, list)}
    if all(first == second for first, second in pairwise(lengths.values())):
        return []
    received = ", ".join(f"{length} {name}" for name, length in lengths.items())
    return [f"baseline_seconds: expected one a round of stats.data. Received: {received}"]


def excerpt(value: object, longest: int = 60) -> str:
    """Show a value in an error message, shortened.

    Example:
        >>> excerpt("a" * 100, longest=12)
        "'aaaaaaaa..."
    """
    shown = repr(value)
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
