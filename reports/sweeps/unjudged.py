"""The cases of an older run on which a newer one cannot be judged, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps.intervals import LEAST_ROUNDS
from reports.sweeps.load import POINT
from reports.sweeps.model.description import LAYERS, WHOLE
from reports.sweeps.run import SweepRun
from reports.text import units

Row = Mapping[str, Any]

# What makes a case; a test's name holds no more than one of these.
CASE = (*GEOMETRY, "groups", "direction")


def comparable(before: SweepRun, after: SweepRun) -> list[str]:
    """Find the cases that both runs measured, of the same sizes and with enough rounds.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Test ids, in the order of the newer run.
    """
    older = {row["fullname"]: row for row in _rows(before.records)}
    other = _other_model(before, after)
    return [
        new["fullname"]
        for new in _rows(after.records)
        if new["fullname"] in older and not _obstacle(older[new["fullname"]], new, other)
    ]


def unjudged(before: SweepRun, after: SweepRun) -> list[tuple[str, str]]:
    """Find the cases that a gate cannot be closed by.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Test id and reason of each case of the older run that the newer one lacks, could not
        measure, or ran with other sizes, or that either knows from too few rounds for an
        interval. Twins, and baselines that both measured, are left out: they fail no gate.
    """
    reasons = {_point(row): "; ".join(row["notes"]) for row in _rows(after.unmeasured)}
    newer = {row["fullname"]: row for row in _rows(after.records)}
    other = _other_model(before, after)
    found = []
    for old in _rows(before.records):
        name = old["fullname"]
        if old["is_twin"]:
            continue
        if name not in newer:
            found.append((name, reasons.get(_point(old)) or "not in the newer run"))
        elif not old["is_baseline"] and (reason := _obstacle(old, newer[name], other)):
            found.append((name, reason))
    return found


def untested(cases: pd.DataFrame) -> list[tuple[str, str]]:
    """Find the compared cases whose change has no known variance.

    Args:
        cases: `Comparison.cases`.

    Returns:
        Test id and reason.
    """
    unknown = cases.loc[(cases["role"] == "operator") & cases["p_value"].isna(), "fullname"]
    return [(name, "too few processes to know their scatter") for name in unknown]


def _obstacle(old: Row, new: Row, other_model: str) -> str:
    """Say why a case that both runs measured cannot be compared; or nothing."""
    of_model = [other_model] if other_model and old["sweep"] in (LAYERS, WHOLE) else []
    few = _few_rounds({"older": old, "newer": new})
    return "; ".join([*of_model, *_other_sizes(old, new), *few])


def _other_model(before: SweepRun, after: SweepRun) -> str:
    """Say that the runs are of two models of a user's own; nothing if they are not."""
    old, new = (
        (run.model.name, run.model.digest) if run.model else None for run in (before, after)
    )
    if old is None or new is None or old == new:
        return ""
    return f"another model: {old[0]} before, {new[0]} after"


def _other_sizes(old: Row, new: Row) -> Iterator[str]:
    for key in CASE:
        if old[key] != new[key]:
            yield f"another case: {key} {old[key]} before, {new[key]} after"


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
