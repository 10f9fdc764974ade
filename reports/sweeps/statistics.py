"""Raw rounds to ratios, intervals and verdicts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom, bootstrap

from reports.sweeps.schema import GEOMETRY

Floats = NDArray[np.float64]

# Neighbouring rounds are not independent: load and clock change over several rounds, so
# that single rounds resampled on their own would give intervals that are too narrow.
BLOCK_ROUNDS = 5
# Fewer blocks resampled give intervals that are too narrow: of those that claim 95 %, 50 %
# held the true median with 2 blocks, 85 % with 6 and 91 % with 10 (1500 simulated runs).
LEAST_BLOCKS = 10
# 2.5 % of the resamples are 25: enough to steady both ends, in about a millisecond.
RESAMPLES = 999
CONFIDENCE = 0.95
# Rows resampled at a time: 8 MB of medians.
PART = 1000
# A fixed seed: the same file always gives the same page.
SEED = 20210313
# The baseline against itself never left 1 +- 2 % on a shared machine; a smaller difference is no
# reason to choose.
MARGIN = 0.02

BASELINE_OPERATOR = "convolution"
# The one with a kernel of its own for groups; with a single group it is no baseline but a rival.
GROUPED_IMPLEMENTATION = "tensorflow"
VERDICTS = ("faster", "slower", "equivalent", "undecided")
# Per-round ratios and times, each with the interval of its median.
MEDIANS = ("ratio", "ratio_low", "ratio_high", "median_seconds", "seconds_low", "seconds_high")
# Costs, and what each is called over that of dense convolution.
COST_RATIOS = {
    "macs": "macs_ratio",
    "flops": "flops_ratio",
    "peak_memory_bytes": "memory_ratio",
    "parameters": "parameters_ratio",
}
# Records of one sweep, measured together: never compared across files.
SWEEP = ["file", "sweep"]


def evaluate(records: pd.DataFrame) -> pd.DataFrame:
    """Judge every record against its baseline.

    Args:
        records: the records of `load.Results`.

    Returns:
        The records with, added: `ratio`, `ratio_low`, `ratio_high` (median and 95 %
        interval of the per-round ratios), `median_seconds`, `seconds_low`, `seconds_high`,
        `is_baseline`, `floor_low`, `floor_high` (the noise floor of the case), `macs_ratio`,
        `flops_ratio`, `memory_ratio`, `parameters_ratio` (to dense convolution; NaN where
        unknown) and `verdict`. Times are in seconds; an interval is NaN where there are fewer
        than six rounds.
    """
    judged = pd.concat([records, _medians(records)], axis=1)
    judged["is_baseline"] = (
        (judged["operator"] == BASELINE_OPERATOR)
        & (judged["groups"] == 1)
        & (judged["implementation"] != GROUPED_IMPLEMENTATION)
    )
    dense = _dense(judged)
    judged = judged.join(noise_floor(judged, dense)).join(_cost_ratios(judged, dense))
    judged["verdict"] = verdicts(judged)
    return judged


def intervals(samples: Floats) -> Floats:
    """Find the 95 % interval of each row's median.

    From 50 rounds up by resampling blocks of rounds; below that between the two rounds
    whose ranks hold the median with 95 % certainty, whatever the distribution.

    Args:
        samples: shape (rows, rounds); rounds in the order in which they were run.

    Returns:
        Shape (rows, 2), low and high; NaN where there are fewer than six rounds, of which
        even the full range holds the median less often.
    """
    blocks = samples.shape[1] // BLOCK_ROUNDS
    if blocks < LEAST_BLOCKS:
        return _between_ranks(samples)
    # In parts, so that the resamples of a large file need no large memory.
    parts = [samples[start : start + PART] for start in range(0, len(samples), PART)]
    return np.concatenate([_by_blocks(part, blocks) for part in parts])


def _between_ranks(samples: Floats) -> Floats:
    rounds = samples.shape[1]
    rank = int(binom.ppf((1 - CONFIDENCE) / 2, rounds, 0.5))
    if rank < 1:
        return np.full((len(samples), 2), np.nan)
    return np.sort(samples, axis=1)[:, [rank - 1, rounds - rank]]


def _by_blocks(samples: Floats, blocks: int) -> Floats:

    def statistic(drawn: NDArray[np.int64], axis: int = -1) -> Floats:
        chosen = drawn[..., None] == np.arange(blocks)
        counts = chosen.sum(axis=-2, dtype=np.float32)
        return np.stack([_resampled_medians(row, counts) for row in samples])

    interval = bootstrap(
        (np.arange(blocks),),
        statistic,
        vectorized=True,
        method="percentile",
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return np.stack([interval.low, interval.high], axis=-1)


def _resampled_medians(row: Floats, counts: NDArray[np.float32]) -> Floats:
    """The medians of a row when its block b is drawn `counts[..., b]` times.

    Sorting the row once and counting how many drawn rounds lie below each position gives
    the exact median of every resample without building or sorting one.
    """
    order = np.argsort(row, kind="stable")
    ordered = row[order]
    blocks = counts.shape[-1]
    # Rounds that would be left over lengthen the blocks: all of them count.
    of_block = order * blocks // len(row) == np.arange(blocks)[:, None]
    drawn_up_to = counts @ np.cumsum(of_block, axis=1, dtype=np.float32)
    middle = drawn_up_to[..., -1:] / 2
    lower, upper = (
        ordered[(drawn_up_to >= rank).argmax(axis=-1)]
        for rank in (np.ceil(middle), np.floor(middle) + 1)
    )
    return np.asarray((lower + upper) / 2)


def _medians(records: pd.DataFrame) -> pd.DataFrame:
    """Medians and intervals of ratio and time; records with equally many rounds together."""
    result = pd.DataFrame(
        np.nan,
        index=records.index,
        columns=list(MEDIANS),
    )
    for _, group in records.groupby(records["seconds"].map(len)):
        seconds = np.stack(group["seconds"].tolist())
        ratios = seconds / np.stack(group["baseline_seconds"].tolist())
        samples = np.concatenate([ratios, seconds])
        found = np.column_stack([np.median(samples, axis=1), intervals(samples)])
        result.loc[group.index] = np.hstack(np.split(found, 2))
    return result


def noise_floor(judged: pd.DataFrame, dense: pd.DataFrame) -> pd.DataFrame:
    """Find how far from 1 the baseline lands when it is timed against itself.

    Args:
        judged: records with `is_baseline`, `ratio_low` and `ratio_high`.
        dense: for each of them the baseline of the same case, NaN where there is none.

    Returns:
        `floor_low` and `floor_high` of each record, always with 1 inside: the interval of its
        own case's baseline, but no narrower than that of the sweep and direction's middle one.
        A single disturbed baseline leaves the other cases alone, a lucky one proves nothing.
    """
    line = [judged[key] for key in (*SWEEP, "direction")]
    baselines = judged[["ratio_low", "ratio_high"]].where(judged["is_baseline"])
    typical_low = baselines["ratio_low"].clip(upper=1.0).groupby(line).transform("median")
    typical_high = baselines["ratio_high"].clip(lower=1.0).groupby(line).transform("median")
    return pd.DataFrame(
        {
            "floor_low": np.fmin(dense["ratio_low"].clip(upper=1.0), typical_low),
            "floor_high": np.fmax(dense["ratio_high"].clip(lower=1.0), typical_high),
        },
        index=judged.index,
    )


def verdicts(judged: pd.DataFrame) -> Any:
    """Say what each record's interval proves.

    Args:
        judged: records with `ratio_low`, `ratio_high`, `floor_low` and `floor_high`.

    Returns:
        An array of "faster" or "slower" (the interval lies wholly beyond the margin and
        the noise floor), "equivalent" (wholly inside the margin) or "undecided".
    """
    low, high = judged["ratio_low"], judged["ratio_high"]
    bound_low = judged["floor_low"].fillna(1.0).clip(upper=1 - MARGIN)
    bound_high = judged["floor_high"].fillna(1.0).clip(lower=1 + MARGIN)
    conditions = [
        high < bound_low,
        low > bound_high,
        (low >= 1 - MARGIN) & (high <= 1 + MARGIN),
    ]
    return np.select(conditions, VERDICTS[:3], default=VERDICTS[3])


def half_widths(judged: pd.DataFrame) -> pd.Series:
    """Return half the width of each ratio's interval, as a share of the ratio."""
    return (judged["ratio_high"] - judged["ratio_low"]) / 2 / judged["ratio"]


def _dense(judged: pd.DataFrame) -> pd.DataFrame:
    """Find each record's baseline: dense convolution of the same geometry and direction."""
    # Dense convolution serves every number of groups, so that axis tells nothing here.
    step = judged["axis_value"].where(judged["axis"] != "groups", 1).astype(str)
    keyed = judged.assign(step=step)
    keys = [*SWEEP, "direction", *GEOMETRY, "step"]
    values = [*COST_RATIOS, "ratio_low", "ratio_high"]
    dense = keyed.loc[keyed["is_baseline"], [*keys, *values]].drop_duplicates(keys)
    matched = keyed[keys].merge(dense, how="left", on=keys, validate="m:1")
    matched.index = judged.index
    return matched


def _cost_ratios(judged: pd.DataFrame, dense: pd.DataFrame) -> pd.DataFrame:
    """Costs over those of the dense convolution."""
    costs = list(COST_RATIOS)
    ratios = judged[costs] / dense[costs].replace(0, np.nan)
    return ratios.rename(columns=COST_RATIOS)


def of_direction(judged: pd.DataFrame, direction: str) -> pd.DataFrame:
    """Keep one direction's records."""
    return judged[judged["direction"] == direction]


def directions(judged: pd.DataFrame) -> Sequence[str]:
    """List the directions measured, forward before training before any other."""
    known = ["forward", "training"]
    found = set(judged["direction"])
    return [name for name in known if name in found] + sorted(found - set(known))
