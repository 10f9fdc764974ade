"""The cases of an older run on which a newer one cannot be judged, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pandas as pd

from reports.sweeps.intervals import LEAST_ROUNDS
from reports.sweeps.load import POINT
from reports.sweeps.run import SweepRun
from reports.text import units

Row = Mapping[str, Any]


def unjudged(before: SweepRun, after: SweepRun) -> list[tuple[str, str]]:
    """Find the cases that a gate cannot be closed by.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Test id and reason of each case of the older run that the newer one lacks, could not
        measure, or that either knows from too few rounds for an interval.
    """
    reasons = {_point(row): "; ".join(row["notes"]) for row in _rows(after.unmeasured)}
    newer = {row["fullname"]: row for row in _rows(after.records)}
    found = []
    for old in _rows(before.records):
        name = old["fullname"]
        if name not in newer:
            found.append((name, reasons.get(_point(old)) or "not in the newer run"))
        elif not old["is_baseline"]:  # whose time fails no gate
            few = _few_rounds({"older": old, "newer": newer[name]})
            found += [(name, reason) for reason in few]
    return found


def _few_rounds(both: Mapping[str, Row]) -> Iterator[str]:
    for when, record in both.items():
        rounds = len(record["seconds"])
        if rounds < LEAST_ROUNDS:
            counted = units.counted(rounds, "round")
            yield f"{counted} in the {when} run; an interval needs {LEAST_ROUNDS}"


def _point(record: Row) -> tuple[object, ...]:
    return tuple(record[key] for key in POINT)


def _rows(records: pd.DataFrame) -> list[Row]:
    return cast("list[Row]", records.to_dict("records"))
