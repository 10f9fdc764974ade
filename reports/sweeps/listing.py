"""Every record as a table of the page: measured ones, and those that could not be."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from reports.sweeps import overhead, tables
from reports.text import units, words
from reports.text.packing import packed
from reports.text.table import Table

# Rows that are markup in the page, for readers without scripts and for print. The others are data
# that a script draws on demand: markup takes four times their size.
WRITTEN_OUT = 500
# Columns that are hidden until they are chosen.
HIDDEN = (
    *("Executor", "Low", "High", "Published operations", "Compilation", "Rounds"),
    *("FLOPs per byte", "Bound", "Notes", "File"),
    *("To it from", "To it to", "Ended", "Processes", "Images per second at the 95th percentile"),
)
# Columns of text, aligned left; notes may take several lines.
WORDS = (
    *("Sweep", "Operator", "Executor", "Direction", "Case", "Verdict", "Best rival", "Bound"),
    *("Ended", "Test", "File"),
)
PROSE = ("Notes",)
# A filter by an operator's name finds its records, not those that it is a rival of.
UNSEARCHED = ("Best rival",)


@dataclass(frozen=True)
class Records:
    """The table of all records.

    Attributes:
        table: the rows that are markup.
        total: how many rows there are with those that are not.
        rest: the other rows as JSON, compressed by gzip, in base 64; empty if there are none.
        options: for the table's library, as JSON that is safe in a script element.
    """

    table: Table
    total: int
    rest: str
    options: Markup


def all_records(records: pd.DataFrame) -> Records:
    """Lay out every record, one unit per column, so that numbers compare and sort as numbers.

    Args:
        records: a page's prepared records with their place under the roofline.
    """
    columns = _columns(records)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    # The library takes cells as markup: they are escaped here.
    rest = [[str(escape(cell)) for cell in row] for row in rows[WRITTEN_OUT:]]
    hidden = [position for position, name in enumerate(columns) if name.partition(",")[0] in HIDDEN]
    left = [position for position, name in enumerate(columns) if name in WORDS]
    prose = [position for position, name in enumerate(columns) if name in PROSE]
    unsearched = [position for position, name in enumerate(columns) if name in UNSEARCHED]
    return Records(
        Table("", list(columns), rows[:WRITTEN_OUT]),
        len(rows),
        packed(json.dumps(rest)) if rest else "",
        embedded({"hidden": hidden, "left": left, "prose": prose, "unsearched": unsearched}),
    )


def embedded(content: object) -> Markup:
    """Write JSON for a script element: no string in it can end the element.

    Args:
        content: what `json.dumps` takes.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def _columns(records: pd.DataFrame) -> dict[str, list[str]]:
    rows = tables.rows(records)
    text = {
        "Sweep": [words.sweep_title(row["sweep"]) for row in rows],
        "Operator": [row["series"] for row in rows],
        "Executor": [row["executor"] for row in rows],
        "Direction": [row["direction"] for row in rows],
        "Case": [f"{words.case(row)}, groups {row['groups']}" for row in rows],
    }
    judged = {
        "Ratio": [_ratio(value) for value in records["ratio"]],
        "Ratio from": [_ratio(value) for value in records["ratio_low"]],
        "Ratio to": [_ratio(value) for value in records["ratio_high"]],
        "Verdict": [row["verdict"] for row in rows],
        "Best rival": [row["best_rival"] or "" for row in rows],
        "Ratio to it": [_ratio(value) for value in records["best_ratio"]],
        "To it from": [_ratio(value) for value in records["best_low"]],
        "To it to": [_ratio(value) for value in records["best_high"]],
    }
    limits = {
        "Share of roofline, %": [_number(100 * value) for value in records["roofline_share"]],
        "FLOPs per byte": [_number(value) for value in records["intensity"]],
        "Bound": [row["bound"] or "" for row in rows],
        "Rounds": [str(len(row["seconds"])) for row in rows],
        "Ended": [row["stopped"] or "" for row in rows],
        "Processes": [str(row["processes"]) for row in rows],
    }
    origin = {
        "Notes": ["; ".join([*_remarks(row), *row["notes"]]) for row in rows],
        "Test": [row["fullname"] for row in rows],
        "File": [row["file"] for row in rows],
    }
    rates = {
        "Images per second": [_number(value) for value in records["images_per_second"]],
        "Images per second at the 95th percentile": [
            _number(value) for value in records["p95_images_per_second"]
        ],
    }
    parameters = {"Parameters": [_integer(row["parameters"]) for row in rows]}
    return text | judged | _amounts(records) | rates | parameters | limits | origin


def _remarks(row: Mapping[str, Any]) -> list[str]:
    """What follows from a record's numbers and a reader should know."""
    remarks = []
    if row["is_short"]:
        remarks.append(f"shorter than {overhead.LEAST_CALLS} empty calls")
    if row["bound"] == "cache":
        remarks.append("fits into the last cache, so that memory is not its limit")
    return remarks


def _amounts(records: pd.DataFrame) -> dict[str, list[str]]:
    columns = {
        "Time": ("median_seconds", units.SECONDS),
        "Low": ("seconds_low", units.SECONDS),
        "High": ("seconds_high", units.SECONDS),
        "95th percentile": ("p95_seconds", units.SECONDS),
        "MACs": ("macs", units.COUNTS),
        "Published operations": ("published_operations", units.COUNTS),
        "Peak memory": ("peak_memory_bytes", units.BYTES),
        "Compilation": ("compile_seconds", units.SECONDS),
    }
    amounts = {}
    for name, (key, among) in columns.items():
        unit = units.common(records[key], among)
        head = f"{name}, {unit.symbol}".rstrip(", ")
        amounts[head] = [_number(value / unit.size) for value in records[key]]
    return amounts


def _number(value: float) -> str:
    return units.digits(value) if pd.notna(value) else ""


def _ratio(value: float) -> str:
    return units.times(value) if pd.notna(value) else ""


def _integer(value: float) -> str:
    return f"{int(value):,}" if pd.notna(value) else ""


def unmeasured(records: pd.DataFrame) -> Table:
    """Lay out the cases that could not be measured, with the reason.

    Args:
        records: a page's prepared cases without a measurement.
    """
    return Table(
        caption="",
        head=["Sweep", "Operator", "Direction", "Case", "Reason", "File"],
        rows=[
            [
                words.sweep_title(row["sweep"]),
                row["series"],
                row["direction"],
                f"{words.case(row)}, groups {row['groups']}",
                "; ".join(row["notes"]) or "no reason given",
                row["file"],
            ]
            for row in tables.rows(records)
        ],
    )
