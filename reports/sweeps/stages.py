"""The tables of records between two steps, each with its columns declared once.

A library such as pandera would check the same: its import and first check take half a second of
each report and of each closing table, for the names and types of columns alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import pandas as pd

from reports.sources.validation import Schema
from reports.sweeps.record import MeasuredRecord, Record

INTEGER, NUMBER, FLAG, ANY = "int64", "float64", "bool", "object"
# Columns of strings have types of their own since pandas 3.
OF_ANY = ("object", "str", "string")
# Types of columns by that of the record's key; strings, lists and arrays are objects.
TYPES = {int: INTEGER, float: NUMBER, bool: FLAG}


@dataclass(frozen=True)
class Stage:
    """The columns of a table of records after a step of the analysis.

    Attributes:
        name: the step.
        columns: the type of each column; a number that is unknown is NaN.
    """

    name: str
    columns: Mapping[str, str]

    def checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Check a table where it is handed on; more columns than those declared are allowed.

        Args:
            frame: the table. Without rows its columns need no types.

        Returns:
            The table itself.

        Raises:
            TypeError: if a column is missing or of another type; the message names all of them.
        """
        found = {
            str(name): ANY if str(dtype) in OF_ANY else str(dtype)
            for name, dtype in frame.dtypes.items()
        }
        faults = [
            f"{name}: expected {dtype}. Received: {found.get(name, 'no such column')}"
            for name, dtype in self.columns.items()
            if name not in found or (len(frame) and found[name] != dtype)
        ]
        if faults:
            raise TypeError(f"not a table of {self.name} records: {'; '.join(faults)}")
        return frame

    def joined(self, frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
        """Put tables under each other.

        Args:
            frames: tables of this stage; none of them may have rows.

        Returns:
            All rows, with the columns of this stage where there is none.
        """
        # A table without rows could change the types of the others.
        filled = [frame for frame in frames if len(frame)]
        if filled:
            return pd.concat(filled, ignore_index=True)
        return pd.DataFrame(
            {name: pd.Series([], dtype=dtype) for name, dtype in self.columns.items()}
        )


def columns_of(schema: type[Schema]) -> dict[str, str]:
    """Find the type of the column that holds each key of a schema.

    Args:
        schema: the declaration of a record.

    Returns:
        Types by key; integers that may be null are floating-point numbers, NaN where null.
    """
    return {name: _type(field.annotation) for name, field in schema.model_fields.items()}


def _type(annotation: Any) -> str:
    choices = [each for each in get_args(annotation) if each is not NoneType]
    may_be_null = NoneType in get_args(annotation)
    plain = choices[0] if may_be_null else annotation
    if get_origin(plain) is Annotated:
        plain = get_args(plain)[0]
    found = TYPES.get(plain, ANY)
    return {INTEGER: NUMBER, FLAG: ANY}.get(found, found) if may_be_null else found


# `file` is the run's path, `fullname` the test's, `axis_value` the place on the axis.
ORIGIN = {"axis_value": ANY, "fullname": ANY, "file": ANY}
# What files may leave out, filled with what it is then.
FILLED = {
    "is_twin": FLAG,
    "is_model": FLAG,
    "dilation_rate": ANY,
    "padding": ANY,
    "filters": INTEGER,
}

# `seconds` and `baseline_seconds` hold one array each.
LOADED = Stage("loaded", columns_of(MeasuredRecord) | ORIGIN | FILLED)

# Cases without a measurement: all keys of a record, with the reason in `notes`.
UNMEASURED = Stage("unmeasured", columns_of(Record) | ORIGIN | FILLED)

# Per-round ratios and times in seconds, each with the interval of its median.
MEDIANS = ("ratio", "ratio_low", "ratio_high", "median_seconds", "seconds_low", "seconds_high")
# The time of slow rounds, and images a second by the median and by slow rounds.
RATES = ("p95_seconds", "images_per_second", "p95_images_per_second")
# Costs, and what each is called when divided by the cost of the baseline.
COST_RATIOS = {
    "macs": "macs_ratio",
    "flops": "flops_ratio",
    "peak_memory_bytes": "memory_ratio",
    "parameters": "parameters_ratio",
}
FLOOR = ("floor_low", "floor_high")
# The ratio to the best rival.
BEST = ("best_ratio", "best_low", "best_high")

JUDGED = Stage(
    "judged",
    {
        **LOADED.columns,
        **dict.fromkeys([*MEDIANS, *RATES, *FLOOR, *COST_RATIOS.values()], NUMBER),
        "verdict": ANY,
        **dict.fromkeys(BEST, NUMBER),
        "best_rival": ANY,
        "best_verdict": ANY,
        "processes": INTEGER,
        "is_short": FLAG,
        "intensity": NUMBER,
        "roofline_share": NUMBER,
        "bound": ANY,
        "is_cached": FLAG,
    },
)

# With how a series looks, the same in every figure of a page.
LOOKS = {"series": ANY, "colour": ANY, "marker": ANY}
PREPARED = Stage("prepared", {**JUDGED.columns, **LOOKS})
