"""Two runs of the suite, case by case: what changed beyond noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import median_abs_deviation, norm, t

from reports.sweeps.load import Results, Run
from reports.sweeps.statistics import CONFIDENCE, MARGIN, evaluate
from reports.sweeps.tables import rows
from reports.text import units

CHANGES = ("slower", "faster", "unchanged", "undecided")
# Half the width of a 95 % interval, in standard errors.
HALF_WIDTH = norm.ppf((1 + CONFIDENCE) / 2)
# Between two runs a few cases differ by far more than the others: memory lies elsewhere, another
# primitive was chosen. 21 pairs of quick sweeps of one code scattered like Student's t with four
# degrees and 0.8 times the width; of five at full width one pair in twenty would be called changed.
DEGREES_OF_FREEDOM = 5
# Of fewer cases the scatter between two runs cannot be told from a change.
LEAST_CASES = 5


@dataclass(frozen=True)
class Comparison:
    """What changed from an older run to a newer one.

    Attributes:
        cases: a row a case that both measured, with `fullname`, `quantity` ("ratio", or
            "seconds" for dense convolution, which is the ratio's own unit), `before`, `after`,
            `change` (after / before) with its interval `low` and `high`, and `verdict`.
        differences: what the two runs have not in common beside the code, as sentences.
        only_before, only_after: test ids of the cases that one run lacks.
        threshold: the smallest change that counts, as a share.
    """

    cases: pd.DataFrame
    differences: list[str]
    only_before: list[str]
    only_after: list[str]
    threshold: float

    @property
    def slower(self) -> pd.DataFrame:
        """The cases for which a gate closes: operators whose ratio grew.

        Dense convolution is left out: its seconds drift with the machine, and with nothing else
        to hold them against, the drift and a change look the same.
        """
        cases = self.cases
        return cases[(cases["verdict"] == "slower") & (cases["quantity"] == "ratio")]


def compare(before: Results, after: Results, threshold: float = MARGIN) -> Comparison:
    """Compare the records of two runs by test id.

    The ratio to dense convolution is compared, for both were timed in turn: what slows the whole
    machine in one of the runs falls out. Two runs of the same code differ by more than their
    rounds tell (memory lies elsewhere, other primitives are chosen); how much more is estimated
    from the scatter of all cases, most of which have not changed. All intervals together hold
    with 95 % certainty, so that many cases do not make false alarms likely.

    Args:
        before: the older run, from one file.
        after: the newer one, from one file.
        threshold: the smallest change that counts, as a share.

    Returns:
        The comparison.

    Raises:
        ValueError: if either is not one run with records.
    """
    for results in (before, after):
        if len(results.runs) != 1 or results.records.empty:
            raise ValueError(
                "a comparison needs one run with records on either side. "
                f"Received: {len(results.runs)} runs, {len(results.records)} records"
            )
    both = evaluate(before.records).merge(
        evaluate(after.records), on="fullname", suffixes=("_before", "_after")
    )
    parts = [
        _changes(both[~both["is_baseline_after"]], "ratio", threshold),
        _changes(both[both["is_baseline_after"]], "seconds", threshold),
    ]
    old, new = set(before.records["fullname"]), set(after.records["fullname"])
    return Comparison(
        cases=pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True),
        differences=differences(before.runs[0], after.runs[0]),
        only_before=sorted(old - new),
        only_after=sorted(new - old),
        threshold=threshold,
    )


def _changes(both: pd.DataFrame, quantity: str, threshold: float) -> pd.DataFrame:
    center = "ratio" if quantity == "ratio" else "median_seconds"
    before, after = (_logs(both, center, quantity, suffix) for suffix in ("_before", "_after"))
    change = after[0] - before[0]
    # Either end of the quotient's interval takes the old one's opposite end: the method of
    # variance estimates recovery, which needs no symmetric intervals.
    below = np.hypot(after[0] - after[1], before[2] - before[0])
    above = np.hypot(after[2] - after[0], before[0] - before[1])
    widening = _widening(change, below, above) * _simultaneous(len(both))
    low, high = np.exp(change - below * widening), np.exp(change + above * widening)
    conditions = [
        low > 1 + threshold,
        high < 1 / (1 + threshold),
        (high <= 1 + threshold) & (low >= 1 / (1 + threshold)),
    ]
    return pd.DataFrame(
        {
            "fullname": both["fullname"].to_numpy(dtype=object),
            "quantity": quantity,
            "before": np.exp(before[0]),
            "after": np.exp(after[0]),
            "change": np.exp(change),
            "low": low,
            "high": high,
            "verdict": np.select(conditions, CHANGES[:3], default=CHANGES[3]),
        }
    )


def _logs(both: pd.DataFrame, center: str, quantity: str, suffix: str) -> list[Any]:
    columns = (center, f"{quantity}_low", f"{quantity}_high")
    return [np.log(both[f"{column}{suffix}"].to_numpy(dtype=np.float64)) for column in columns]


def _widening(change: Any, below: Any, above: Any) -> float:
    """How much further the cases scatter than their rounds explain, and never less.

    This is the Birge ratio of metrology, from the median deviation: cases that really changed
    do not count as scatter while they are the minority, nor does a change common to all.
    """
    errors = np.where(change > 0, below, above) / HALF_WIDTH
    known = np.isfinite(errors) & (errors > 0)
    if known.sum() < LEAST_CASES:
        return 1.0
    apart = (change[known] - np.median(change[known])) / errors[known]
    return max(1.0, float(median_abs_deviation(apart, scale="normal")))


def _simultaneous(cases: int) -> float:
    """How much wider intervals are that hold all at once, by Bonferroni, and with heavy tails."""
    return float(t.isf((1 - CONFIDENCE) / 2 / max(cases, 1), DEGREES_OF_FREEDOM) / HALF_WIDTH)


# What a machine and its settings are known by; load and clock differ between any two runs.
IDENTITY = (
    *("node", "machine", "system", "python_version", "cores", "threads", "memory_bytes"),
    *("accelerators", "driver", "tensorflow", "keras", "onednn", "flags"),
)


def differences(before: Run, after: Run) -> list[str]:
    """Say what two runs have not in common beside the code.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Sentences; none if machine and settings are the same.
    """
    pairs: list[tuple[str, object, object]] = [
        ("processor", _brand(before.machine_info), _brand(after.machine_info)),
        *((key, before.machine_info.get(key), after.machine_info.get(key)) for key in IDENTITY),
        ("sweep_size", before.sweep_size, after.sweep_size),
    ]
    return [
        f"{key.replace('_', ' ')}: {_text(old)} before, {_text(new)} after"
        for key, old, new in pairs
        if old != new
    ]


def _brand(machine_info: Mapping[str, Any]) -> object:
    cpu = machine_info.get("cpu")
    return cpu.get("brand_raw") if isinstance(cpu, Mapping) else None


def _text(value: object) -> str:
    return "not stated" if value in (None, "") else str(value)


def in_words(comparison: Comparison) -> str:
    """Write what changed, for a terminal.

    Args:
        comparison: of `compare`.

    Returns:
        A line a case that changed, and a count of all.
    """
    lines = [
        f"The runs differ in more than code: {difference}" for difference in comparison.differences
    ]
    for names, when in ((comparison.only_before, "older"), (comparison.only_after, "newer")):
        if names:
            lines.append(f"Only in the {when} run: {len(names)} cases, the first {names[0]}")
    lines += [
        f"{case['verdict']}: {case['fullname']}: {values(case)}"
        for case in rows(changed(comparison))
    ]
    counts = comparison.cases["verdict"].value_counts()
    total = ", ".join(f"{counts[change]} {change}" for change in CHANGES if change in counts)
    lines.append(
        f"Compared {len(comparison.cases)} cases, changes beyond "
        f"{comparison.threshold * 100:g} %: {total or 'none in common'}."
    )
    return "\n".join(lines)


def values(case: Mapping[str, Any]) -> str:
    """Write a case's values in both runs and the change with its interval."""
    span = units.bracket(case["low"], case["high"])
    if case["quantity"] == "ratio":
        ends = f"ratio {units.ratio(case['before'])} -> {units.ratio(case['after'])}"
    else:
        ends = " -> ".join(units.quantity(case[key], units.SECONDS) for key in ("before", "after"))
        ends += ", which drifts with the machine"
    return f"{ends}; {units.times(case['change'])} times as long ({span})"


def changed(comparison: Comparison) -> pd.DataFrame:
    """Keep the cases that became slower or faster, the largest change first."""
    cases = comparison.cases
    moved = cases[cases["verdict"].isin(CHANGES[:2])]
    return moved.sort_values("change", ascending=False)
