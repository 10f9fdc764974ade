"""The cases of an older run on which a newer one cannot be judged, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pandas as pd

from reports.sources.case import GEOMETRY
from reports.sweeps.intervals import LEAST_ROUNDS
from reports.sweeps.load import point
from reports.sweeps.model.description import LAYERS, WHOLE
from reports.sweeps.run import SweepRun
from reports.text import units

Row = Mapping[str, Any]

# What makes a case; a test's name holds no more than one of these.
CASE = (*GEOMETRY, "groups", "direction")
# What makes a baseline: a ratio to another one is another quantity.
BASELINE = ("operator", "implementation", "executor", "kernel_size", "groups")


def comparable(before: SweepRun, after: SweepRun) -> list[str]:
    """Find the cases that both runs measured, of the same sizes and with enough rounds.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Test ids, in the order of the newer run.
    """
    found = _obstacles(before, after)
    return [row["fullname"] for row in _rows(after.records) if found.get(row["fullname"]) == ""]


def unjudged(before: SweepRun, after: SweepRun) -> list[tuple[str, str]]:
    """Find the cases that a gate cannot be closed by.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Test id and reason of each case of the older run that the newer one lacks, could not
        measure, or ran with other sizes or against another baseline, or that either knows from too
        few rounds for an interval. Twins, and baselines that both measured, are left out: they
        fail no gate.
    """
    reasons = {point(row): "; ".join(row["notes"]) for row in _rows(after.unmeasured)}
    newer = {row["fullname"]: row for row in _rows(after.records)}
    obstacles = _obstacles(before, after)
    found = []
    for old in _rows(before.records):
        name = old["fullname"]
        if old["is_twin"]:
            continue
        if name not in newer:
            found.append((name, reasons.get(point(old)) or "not in the newer run"))
        elif obstacles[name] and not (old["is_baseline"] and newer[name]["is_baseline"]):
            found.append((name, obstacles[name]))
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


def _obstacles(before: SweepRun, after: SweepRun) -> dict[str, str]:
    """Say by test id why a case that both runs measured cannot be compared; "" if it can."""
    newer = {row["fullname"]: row for row in _rows(after.records)}
    other = _other_model(before, after)
    baselines = (_baselines(before), _baselines(after))
    found = {}
    for old in _rows(before.records):
        new = newer.get(old["fullname"])
        if new is not None:
            of_model = [other] if other and old["sweep"] in (LAYERS, WHOLE) else []
            of_baseline = _other_baseline(old, new, *baselines)
            few = _few_rounds({"older": old, "newer": new})
            reasons = [*of_model, *_other_sizes(old, new), *of_baseline, *few]
            found[old["fullname"]] = "; ".join(reasons)
    return found


def _baselines(run: SweepRun) -> dict[object, str]:
    """Name the baseline of each measurement, where it has a record of its own."""
    rows = _rows(run.records[run.records["is_baseline"]])
    return {row["measurement"]: ", ".join(str(row[key]) for key in BASELINE) for row in rows}


def _other_baseline(
    old: Row, new: Row, before: Mapping[object, str], after: Mapping[object, str]
) -> Iterator[str]:
    if old["is_baseline"] != new["is_baseline"]:
        when = "older" if old["is_baseline"] else "newer"
        yield f"the baseline of its case in the {when} run alone"
    # Older files do not say which records share a baseline.
    elif isinstance(old["measurement"], str) and isinstance(new["measurement"], str):
        was, now = before.get(old["measurement"]), after.get(new["measurement"])
        if was and now and was != now:
            yield f"another baseline: {was} before, {now} after"


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


def _rows(records: pd.DataFrame) -> list[Row]:
    return cast("list[Row]", records.to_dict("records"))
