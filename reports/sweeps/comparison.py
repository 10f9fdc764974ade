"""Two runs of the suite, case by case: what changed beyond noise, in numbers."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.stats import median_abs_deviation, norm, t

from reports.sweeps.analysis import MARGIN
from reports.sweeps.intervals import CONFIDENCE, Floats
from reports.sweeps.run import SweepRun
from reports.sweeps.unjudged import unjudged
from reports.text import machine

Change = Literal["slower", "faster", "unchanged", "undecided"]
Quantity = Literal["ratio", "seconds"]
CHANGES: tuple[Change, ...] = get_args(Change)

# Half the width of a 95 % interval, in standard errors.
HALF_WIDTH = float(norm.ppf((1 + CONFIDENCE) / 2))
# Between two runs a few cases differ by far more than the others: memory is elsewhere, another
# primitive was chosen. 21 pairs of quick sweeps of one code scattered like Student's t with four
# degrees and 0.8 times the width; of five at full width one pair in twenty would be called changed.
DEGREES_OF_FREEDOM = 5
# Of fewer cases the scatter between two runs cannot be told from a change.
LEAST_CASES = 5


@dataclass(frozen=True)
class Comparison:
    """What changed from an older run to a newer one.

    Attributes:
        cases: one row per case that both measured, with `fullname`, `quantity` ("ratio", or
            "seconds" for the baseline itself), `before`, `after`,
            `change` (after / before) with its interval `low` and `high`, and `verdict`.
        differences: in what the two runs differ apart from the code, as sentences.
        only_after: test ids of the cases that the older run lacks.
        threshold: the smallest change that counts, as a share.
        unjudged: test id and reason of each case of the older run that cannot be compared.
    """

    cases: pd.DataFrame
    differences: list[str]
    only_after: list[str]
    threshold: float
    unjudged: list[tuple[str, str]]

    @property
    def slower(self) -> pd.DataFrame:
        """The cases for which a gate closes: operators whose ratio grew.

        The baseline is left out: its seconds drift with the machine, and a drift cannot be told
        from a change where there is nothing to compare it with.
        """
        cases = self.cases
        return cases[(cases["verdict"] == "slower") & (cases["quantity"] == "ratio")]


def compare(before: SweepRun, after: SweepRun, threshold: float = MARGIN) -> Comparison:
    """Compare the records of two runs by test id.

    The ratio to the baseline is compared. The rounds of both were interleaved, so that what slows
    the whole machine in one of the runs cancels. Two runs of the same code differ by more than
    their rounds tell (memory is elsewhere, other primitives are chosen); how much more is estimated
    from the scatter of all cases, most of which have not changed. All intervals together hold
    with 95 % certainty, so that many cases do not make false alarms likely.

    Args:
        before: the older run.
        after: the newer one.
        threshold: the smallest change that counts, as a share.

    Returns:
        The comparison.

    Raises:
        ValueError: if either has no records.
    """
    for run in (before, after):
        if run.records.empty:
            raise ValueError(
                f"a comparison needs records on either side. Received: none in {run.path}"
            )
    both = before.judged.merge(after.judged, on="fullname", suffixes=("_before", "_after"))
    parts = [
        _changes(both[~both["is_baseline_after"]], "ratio", threshold),
        _changes(both[both["is_baseline_after"]], "seconds", threshold),
    ]
    old, new = set(before.records["fullname"]), set(after.records["fullname"])
    return Comparison(
        cases=pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True),
        differences=differences(before, after),
        only_after=sorted(new - old),
        threshold=threshold,
        unjudged=unjudged(before, after),
    )


def _changes(both: pd.DataFrame, quantity: Quantity, threshold: float) -> pd.DataFrame:
    center = "ratio" if quantity == "ratio" else "median_seconds"
    before, after = (_logs(both, center, quantity, suffix) for suffix in ("_before", "_after"))
    change = after[0] - before[0]
    # Each end of the quotient's interval comes from the opposite end of the older interval: the
    # method of variance estimates recovery, which needs no symmetric intervals.
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


def _logs(both: pd.DataFrame, center: str, quantity: Quantity, suffix: str) -> list[Floats]:
    columns = (center, f"{quantity}_low", f"{quantity}_high")
    return [np.log(both[f"{column}{suffix}"].to_numpy(dtype=np.float64)) for column in columns]


def _widening(change: Floats, below: Floats, above: Floats) -> float:
    """How much further the cases scatter than their rounds explain; at least 1.

    This is the Birge ratio of metrology, from the median deviation. Cases that really changed do
    not count as scatter while they are the minority; neither does a change common to all.
    """
    errors = np.where(change > 0, below, above) / HALF_WIDTH
    known = np.isfinite(errors) & (errors > 0)
    if known.sum() < LEAST_CASES:
        return 1.0
    apart = (change[known] - np.median(change[known])) / errors[known]
    return max(1.0, float(median_abs_deviation(apart, scale="normal")))


def _simultaneous(cases: int) -> float:
    """The factor by which intervals widen to hold all at once, by Bonferroni, with heavy tails."""
    return float(t.isf((1 - CONFIDENCE) / 2 / max(cases, 1), DEGREES_OF_FREEDOM) / HALF_WIDTH)


def changed(comparison: Comparison) -> pd.DataFrame:
    """Keep the cases that became slower or faster.

    Args:
        comparison: of `compare`.

    Returns:
        Rows of `Comparison.cases`, the largest change first.
    """
    cases = comparison.cases
    moved = cases[cases["verdict"].isin(CHANGES[:2])]
    return moved.sort_values("change", ascending=False)


# What identifies a machine and its settings; load and clock differ between any two runs.
IDENTITY = {"processor": ("cpu", "brand_raw")} | {
    name: (name,)
    for name in (
        *("node", "machine", "system", "python_version", "cores", "threads", "memory_bytes"),
        *("accelerators", "driver", "tensorflow", "keras", "onednn", "flags"),
    )
}


def differences(before: SweepRun, after: SweepRun) -> list[str]:
    """Say in what two runs differ apart from the code.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Sentences; none if machine and settings are the same.
    """
    pairs: list[tuple[str, object, object]] = [
        *(
            (name, machine.dig(before.machine_info, path), machine.dig(after.machine_info, path))
            for name, path in IDENTITY.items()
        ),
        ("sweep_size", before.sweep_size, after.sweep_size),
    ]
    return [
        f"{name.replace('_', ' ')}: {machine.text(old)} before, {machine.text(new)} after"
        for name, old, new in pairs
        if old != new
    ]
