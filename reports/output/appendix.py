"""What follows the chapters of the page: all records of the sweeps, and how they were judged."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.output import csv
from reports.sources.kind import Part
from reports.sweeps import analysis, changes, intervals, listing, overhead
from reports.sweeps.comparison import Comparison
from reports.sweeps.competition import competing
from reports.sweeps.stages import JUDGED, PREPARED, UNMEASURED
from reports.sweeps.verdicts import MARGIN
from reports.text import units, words
from reports.text.table import Table


@dataclass(frozen=True)
class Method:
    """Numbers that the text about the method holds.

    Attributes:
        confidence: that of an interval, as a share.
        margin: the smallest difference that counts, as a share.
        least_rounds: fewer rounds have no interval.
        ratios: how many ratios to a baseline there are; those of twins do not count.
        precise: how many of them are known to the margin or better.
        processes: how many records were run in how many processes, as sentences.
        least_processes: fewer have intervals that cover their rounds alone.
        least_calls: records shorter than so many empty calls are marked.
    """

    confidence: float
    margin: float
    least_rounds: int
    ratios: int
    precise: int
    processes: str
    least_processes: int
    least_calls: int


@dataclass(frozen=True)
class Changes:
    """What a comparison shows on the page.

    Attributes:
        cases: the table of cases.
        operators: the table of operators.
        notes: how to read them, in sentences.
    """

    cases: Table
    operators: Table
    notes: list[str]


@dataclass(frozen=True)
class Appendix:
    """What the sweeps of all runs add to the end of the page.

    Attributes:
        records: the table of all records.
        download: name and address of the CSV file that the page holds.
        unmeasured: cases without a measurement.
        example: the command that measures one record again; empty if there is none.
        method: the numbers of the text about the method.
        comparison: with an older run, if one was asked for.
        changes: what changed, in tables and words.
    """

    records: listing.Records
    download: tuple[str, str]
    unmeasured: Table
    example: str
    method: Method
    comparison: Comparison | None
    changes: Changes | None


def appendix(parts: Sequence[Part], comparison: Comparison | None) -> Appendix:
    """Gather what belongs to all runs of the sweeps together.

    Args:
        parts: what `sweeps.show` made of them.
        comparison: with an older run, if one was asked for.
    """
    records = PREPARED.joined(part.view.records for part in parts)
    missing = UNMEASURED.joined(part.view.unmeasured for part in parts)
    return Appendix(
        records=listing.all_records(records),
        download=csv.link(csv.csv(records[[*JUDGED.columns]])),
        unmeasured=listing.unmeasured(missing),
        example=words.pytest(str(records["fullname"].iloc[0])) if len(records) else "",
        method=_method(records),
        comparison=comparison,
        changes=_changes(comparison) if comparison else None,
    )


def _changes(comparison: Comparison) -> Changes:
    notes = [
        changes.sensitivity_in_words(comparison),
        changes.rule(comparison),
        changes.basis(comparison),
        changes.GATE,
    ]
    return Changes(
        cases=changes.table(comparison),
        operators=changes.operators_table(comparison),
        notes=[note for note in notes if note],
    )


def _method(records: pd.DataFrame) -> Method:
    ratios = competing(records)
    ratios = ratios[~ratios["is_baseline"]]
    return Method(
        confidence=intervals.CONFIDENCE,
        margin=MARGIN,
        least_rounds=intervals.LEAST_ROUNDS,
        ratios=len(ratios),
        precise=int((analysis.half_widths(ratios) <= MARGIN).sum()),
        processes=_processes(records),
        least_processes=intervals.LEAST_PROCESSES,
        least_calls=overhead.LEAST_CALLS,
    )


def _processes(records: pd.DataFrame) -> str:
    counts = records["processes"].value_counts().sort_index()
    parts = [
        f"{units.counted(found, 'record')} from {count} process{'es' if count > 1 else ''}"
        for count, found in zip(counts.index.tolist(), counts.tolist(), strict=True)
    ]
    return f"In this page the rounds are: {', '.join(parts)}." if parts else ""
