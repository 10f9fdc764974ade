"""Titles of figures: each says what the figure found."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps import subjects
from reports.sweeps.analysis import directions, of_direction
from reports.sweeps.tables import baseline_name
from reports.text import units, words


def ratio_title(records: pd.DataFrame) -> str:
    """Title the figure of one sweep's ratios with its finding.

    Args:
        records: one sweep's judged records, with `series`.
    """
    noun = words.axis(str(records["axis"].iloc[0])).noun
    subject = subjects.subject(records)
    if subject is None:
        return f"{words.sentence_case(baseline_name(records))} against itself by {noun}"
    lines = of_direction(records, directions(records)[0])
    lines = subjects.lines_of(lines, subject)
    if lines.empty:
        return f"Time / time of {baseline_name(records)} by {noun}"
    return spread(subjects.ends(lines), baseline_name(records))


def spread(ends: Sequence[Mapping[str, Any]], baseline: str) -> str:
    """Write the ratios of one series at one or two places of the axis.

    Args:
        ends: judged records, with `series`.
        baseline: the baseline's name.
    """
    whole = [f"the time of {baseline} ", *[""] * len(ends)]
    parts = [
        f"{units.times(row['ratio'])} times {rest}"
        f"{words.at(str(row['axis']), words.value(row['axis_value']))}"
        for row, rest in zip(ends, whole, strict=False)
    ]
    start = words.sentence_case(str(ends[0]["direction"]))
    return f"{start}, {ends[0]['series']} takes {words.listed(parts)}"


def cost_title(records: pd.DataFrame) -> str:
    """Title the figure of one sweep's costs with the subject's memory and MACs.

    Args:
        records: one sweep's judged records, with `series`.
    """
    subject = subjects.subject(records)
    noun = words.axis(str(records["axis"].iloc[0])).noun
    plain = f"Time, memory, FLOPs and parameters by {noun}"
    if subject is None:
        return plain
    lines = of_direction(records, directions(records)[0])
    row = subjects.middle(subjects.lines_of(lines, subject))
    costs = subjects.costs(row) if row else ""
    if not row or not costs:
        return plain
    place = words.at(str(row["axis"]), words.value(row["axis_value"]))
    return f"{words.sentence_case(place)}, {subject} has {costs} of {baseline_name(records)}"


def overview_title(records: pd.DataFrame) -> str:
    """Title the overview: for how many records saved work became saved time.

    Args:
        records: one run's judged records, with `series`.
    """
    baseline = baseline_name(records)
    saving = records[(records["macs_ratio"] < 1) & ~records["is_baseline"]]
    # A case that several sweeps share counts once.
    saving = saving.drop_duplicates([*GEOMETRY, "groups", "direction", "series", "macs"])
    subject = subjects.subject(saving)
    if subject is None:
        return "Time against work"
    saving = saving[saving["series"] == subject]
    faster = int((saving["verdict"] == "faster").sum())
    return (
        f"Of {units.counted(len(saving), 'case')} in which {subject} has fewer MACs than "
        f"{baseline}, it is faster in {faster}"
    )
