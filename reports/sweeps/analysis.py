"""Records to judgements: ratios to the baseline, the noise floor and a verdict each."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from reports.sources.case import DIRECTIONS, GEOMETRY
from reports.sweeps.intervals import centres, intervals
from reports.sweeps.roofline import placed
from reports.sweeps.stages import COST_RATIOS, JUDGED, LOADED, MEDIANS

Verdict = Literal["faster", "slower", "equivalent", "undecided"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

# The baseline against itself never left 1 +- 2 % on a shared machine; a smaller difference is no
# reason to choose.
MARGIN = 0.02

# Records of one sweep, measured together: never compared across files.
SWEEP = ["file", "sweep"]


def judged(records: pd.DataFrame, conditions: Mapping[str, float]) -> pd.DataFrame:
    """Judge all records of one run.

    Args:
        records: the table `stages.LOADED`.
        conditions: the peaks of the run's machine, as in the results file.

    Returns:
        The table `stages.JUDGED`: the columns of `evaluate` and of `roofline.placed`.
    """
    evaluated = evaluate(records)
    return JUDGED.checked(evaluated.join(placed(evaluated, conditions)))


def evaluate(records: pd.DataFrame) -> pd.DataFrame:
    """Compare every record with its baseline.

    Args:
        records: the table `stages.LOADED`.

    Returns:
        The records with, added: `ratio`, `ratio_low`, `ratio_high` (centre and 95 % interval of
        the per-round ratios, as `intervals` says), `median_seconds`, `seconds_low`,
        `seconds_high`, `floor_low`, `floor_high` (the noise floor of the case), `macs_ratio`,
        `flops_ratio`, `memory_ratio`, `parameters_ratio` (to the baseline; NaN where unknown) and
        `verdict`. Times are in seconds; an interval is NaN where there are too few rounds.
    """
    LOADED.checked(records)
    measured = records.join(_medians(records))
    baselines = _baselines(measured)
    measured = measured.join(_noise_floor(measured, baselines))
    measured = measured.join(_cost_ratios(measured, baselines))
    return measured.assign(verdict=verdicts(measured))


def _medians(records: pd.DataFrame) -> pd.DataFrame:
    """Centres and intervals of ratio and time; records of equal rounds and processes together."""
    result = pd.DataFrame(np.nan, index=records.index, columns=list(MEDIANS))
    rounds = records["seconds"].map(len)
    # Null cannot be grouped by; no process stands for a single one that is not numbered.
    ran = records["process"].map(lambda processes: tuple(processes or ()))
    for _, group in records.groupby([rounds, ran]):
        seconds = np.stack(group["seconds"].tolist())
        ratios = seconds / np.stack(group["baseline_seconds"].tolist())
        samples = np.concatenate([ratios, seconds])
        processes = group["process"].iloc[0]
        found = np.column_stack([centres(samples, processes), intervals(samples, processes)])
        result.loc[group.index] = np.hstack(np.split(found, 2))
    return result


def _baselines(measured: pd.DataFrame) -> pd.DataFrame:
    """Find the baseline of each record: the one marked so, of the same geometry and direction.

    Its groups may differ. Where groups vary along the axis, one baseline serves all of them;
    otherwise the two share the value on the axis.
    """
    step = measured["axis_value"].where(measured["axis"] != "groups", 1).astype(str)
    keyed = measured.assign(step=step)
    keys = [*SWEEP, "direction", *GEOMETRY, "step"]
    values = [*COST_RATIOS, "ratio_low", "ratio_high"]
    marked = keyed.loc[keyed["is_baseline"], [*keys, *values]].drop_duplicates(keys)
    matched = keyed[keys].merge(marked, how="left", on=keys, validate="m:1")
    matched.index = measured.index
    return matched


def _noise_floor(measured: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """Find how far from 1 the ratio of the baseline to itself comes out.

    Args:
        measured: records with `is_baseline`, `ratio_low` and `ratio_high`.
        baselines: for each of them the baseline of the same case, NaN where there is none.

    Returns:
        `floor_low` and `floor_high` of each record, always with 1 inside: the interval of its
        own case's baseline, but no narrower than the median one of its sweep and direction.
        A disturbed baseline widens the floor of its own case alone, and an unusually quiet one
        narrows no floor.
    """
    line = [measured[key] for key in (*SWEEP, "direction")]
    own = measured[["ratio_low", "ratio_high"]].where(measured["is_baseline"])
    typical_low = own["ratio_low"].clip(upper=1.0).groupby(line).transform("median")
    typical_high = own["ratio_high"].clip(lower=1.0).groupby(line).transform("median")
    return pd.DataFrame(
        {
            "floor_low": np.fmin(baselines["ratio_low"].clip(upper=1.0), typical_low),
            "floor_high": np.fmax(baselines["ratio_high"].clip(lower=1.0), typical_high),
        },
        index=measured.index,
    )


def _cost_ratios(measured: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """Costs divided by those of the baseline."""
    costs = list(COST_RATIOS)
    ratios = measured[costs] / baselines[costs].replace(0, np.nan)
    return ratios.rename(columns=COST_RATIOS)


def verdicts(measured: pd.DataFrame) -> pd.Series:
    """Say what each record's interval proves.

    Args:
        measured: records with `ratio_low`, `ratio_high`, `floor_low` and `floor_high`.

    Returns:
        "faster" or "slower" (the whole interval is beyond the margin and the noise floor),
        "equivalent" (the whole interval is inside the margin) or "undecided", per record.
    """
    low, high = measured["ratio_low"], measured["ratio_high"]
    bound_low = measured["floor_low"].fillna(1.0).clip(upper=1 - MARGIN)
    bound_high = measured["floor_high"].fillna(1.0).clip(lower=1 + MARGIN)
    conditions = [
        high < bound_low,
        low > bound_high,
        (low >= 1 - MARGIN) & (high <= 1 + MARGIN),
    ]
    found = np.select(conditions, VERDICTS[:3], default=VERDICTS[3])
    return pd.Series(found, index=measured.index, dtype=object)


def half_widths(measured: pd.DataFrame) -> pd.Series:
    """Find how precisely each ratio is known.

    Args:
        measured: judged records.

    Returns:
        Half the width of the interval over the ratio, per record; NaN where unknown.
    """
    return (measured["ratio_high"] - measured["ratio_low"]) / 2 / measured["ratio"]


def of_direction(measured: pd.DataFrame, direction: str) -> pd.DataFrame:
    """Keep one direction's records.

    Args:
        measured: any records.
        direction: "forward" or "training".
    """
    return measured[measured["direction"] == direction]


def directions(measured: pd.DataFrame) -> Sequence[str]:
    """List the directions that were measured, forward before training.

    Args:
        measured: any records.
    """
    found = set(measured["direction"])
    return [name for name in DIRECTIONS if name in found]
