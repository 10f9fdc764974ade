"""Kinds of values for the loaders of the other results; it goes with its last import."""

from collections.abc import Callable
from dataclasses import dataclass

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

def excerpt(value: object, longest: int = 60) -> str:
    """Show a value in an error message, shortened.

    Example:
        >>> excerpt("a" * 100, longest=12)
        "'aaaaaaaa..."
    """
    shown = repr(value)
    return shown if len(shown) <= longest else shown[: longest - 3] + "..."
