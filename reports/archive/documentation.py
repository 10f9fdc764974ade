"""The documentation of the archive's columns, made from their declaration.

`python -m reports.archive.documentation` writes `docs/archive-columns.md`.
"""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from reports.archive.schema import (
    DIGITS,
    FORMAT,
    OF_THE_ANALYSIS,
    OF_THE_PLACE,
    OF_THE_RECORD,
    OF_THE_RUN,
    ROUNDS,
    Column,
)
from reports.sources.writing import write_text

FILE = Path("docs", "archive-columns.md")

PAGE = """\
# The columns of the archive

`python -m reports archive` keeps runs as a Parquet dataset with one row per record;
[archive.md](archive.md) tells how to use it. This page describes format {format}. It is made from
`reports/archive/schema.py` and `reports/sweeps/record.py`, by `python -m
reports.archive.documentation`.

Seconds, bytes and counts are plain numbers in SI units. What could not be measured, and what an
older file does not say, is null. Numbers with a fraction are rounded to one part in {precision:,};
noise is a hundred times as large.

## The folder

The names of the folders are columns, too:

| column | type | meaning |
| --- | --- | --- |
| `hardware` | string | The kind of machine; [archive.md](archive.md) says what they differ in. |
| `month` | string | When the run was measured, as `2026-11`; `unknown` where it does not say. |

## The run

{run}

## The record

{place}
{record}

## What the analysis says

As the report of the run would have said it when the run was added.

{analysis}

## The rounds

`baseline_seconds` and `process`, above, have one entry per round, too. The per-round ratios are
`round_seconds` over `baseline_seconds`.

{rounds}
"""

HEAD = "| column | type | unit | meaning |\n| --- | --- | --- | --- |"


def page() -> str:
    """Write the tables of all columns, in Markdown."""
    return PAGE.format(
        format=FORMAT,
        precision=2 ** (DIGITS + 1),
        run=_table(OF_THE_RUN),
        place=_table(OF_THE_PLACE),
        record=_rows(OF_THE_RECORD),
        analysis=_table(OF_THE_ANALYSIS),
        rounds=_table([ROUNDS]),
    )


def _table(columns: Sequence[Column]) -> str:
    return f"{HEAD}\n{_rows(columns)}"


def _rows(columns: Sequence[Column]) -> str:
    return "\n".join(
        f"| `{column.name}` | {_type(column.type)} | {column.unit} | {column.meaning} |"
        for column in columns
    )


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    return "timestamp, UTC" if pa.types.is_timestamp(kind) else str(kind)


def main() -> int:
    """Write the page into `docs` of the current folder.

    Returns:
        The exit status.
    """
    write_text(FILE, page())
    print(FILE)
    return 0


if __name__ == "__main__":
    main()
