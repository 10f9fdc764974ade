"""What follows the chapters of the page: all records of the sweeps, and how they were judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.output import csv
from reports.sources.kind import Part
from reports.sweeps import analysis, changes, intervals, listing
from reports.sweeps.comparison import Comparison
from reports.sweeps.stages import JUDGED, PREPARED, UNMEASURED
from reports.text import words
from reports.text.table import Table


@dataclass(frozen=True)
class Method:
    """Numbers that the text about the method holds.

    Attributes:
        confidence: that of an interval, as a share.
        margin: the smallest difference that counts, as a share.
        least_rounds: fewer rounds have no interval.
        least_processes: fewer have intervals that cover their rounds alone.
        precise: how many ratios are known to the margin or better.
    """

    confidence: float
    margin: float
    least_rounds: int
    least_processes: int
    precise: int


@dataclass(frozen=True)
class Appendix:
    """What the sweeps of all runs add to the end of the page.

    Attributes:
        runs: how many runs were read.
        records: the table of all records.
        download: name and address of the CSV file that the page holds.
        unmeasured: cases without a measurement.
        example: the command that measures one record again; empty if there is none.
        method: the numbers of the text about the method.
        comparison: with an older run, if one was asked for.
        changes: its table of changed cases.
    """

    runs: int
    records: listing.Records
    download: tuple[str, str]
    unmeasured: Table
    example: str
    method: Method
    comparison: Comparison | None
    changes: Table | None


def appendix(parts: Sequence[Part], comparison: Comparison | None) -> Appendix:
    """Gather what belongs to all runs of the sweeps together.

    Args:
        parts: what `sweeps.show` made of them.
        comparison: with an older run, if one was asked for.
    """
    records = PREPARED.joined(part.view.records for part in parts)
    missing = UNMEASURED.joined(part.view.unmeasured for part in parts)
    precise = analysis.half_widths(records) <= analysis.MARGIN
    return Appendix(
        runs=len(parts),
        records=listing.all_records(records),
        download=csv.link(csv.csv(records[[*JUDGED.columns]])),
        unmeasured=listing.unmeasured(missing),
        example=words.pytest(str(records["fullname"].iloc[0])) if len(records) else "",
        method=Method(
            confidence=intervals.CONFIDENCE,
            margin=analysis.MARGIN,
            least_rounds=intervals.LEAST_ROUNDS,
            least_processes=intervals.LEAST_PROCESSES,
            precise=int(precise.sum()),
        ),
        comparison=comparison,
        changes=changes.table(comparison) if comparison else None,
    )
