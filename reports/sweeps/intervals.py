"""Intervals of medians: from raw rounds to how far their median can be trusted."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, bootstrap

Floats = NDArray[np.float64]

# Neighbouring rounds are not independent: load and clock change over several rounds, so
# that single rounds resampled on their own would give intervals that are too narrow.
BLOCK_ROUNDS = 5
# Fewer blocks resampled give intervals that are too narrow: of those that claim 95 %, 50 %
# held the true median with 2 blocks, 85 % with 6 and 91 % with 10 (1500 simulated runs).
LEAST_BLOCKS = 10
# Of fewer rounds even the full range holds the median with less certainty than `CONFIDENCE`.
LEAST_ROUNDS = 6
# 2.5 % of the resamples are 25: enough to steady both ends, in about a millisecond.
RESAMPLES = 999
CONFIDENCE = 0.95
# Rows resampled together: 8 MB of medians.
PART = 1000
# A fixed seed: the same file always gives the same page.
SEED = 20210313


def intervals(samples: Floats) -> Floats:
    """Find the 95 % interval of each row's median.

    From 50 rounds up by resampling blocks of rounds; below that between the two rounds
    whose ranks hold the median with 95 % certainty, whatever the distribution.

    Args:
        samples: shape (rows, rounds); rounds in the order in which they were run.

    Returns:
        Shape (rows, 2), low and high; NaN where there are fewer than `LEAST_ROUNDS`.
    """
    blocks = samples.shape[1] // BLOCK_ROUNDS
    if blocks < LEAST_BLOCKS:
        return _between_ranks(samples)
    # In parts, so that the resamples of a large file need no large memory.
    parts = [samples[start : start + PART] for start in range(0, len(samples), PART)]
    return np.concatenate([_by_blocks(part, blocks) for part in parts])


def _between_ranks(samples: Floats) -> Floats:
    """The two rounds whose ranks hold the median, by the binomial distribution."""
    rounds = samples.shape[1]
    rank = int(binom.ppf((1 - CONFIDENCE) / 2, rounds, 0.5))
    if rank < 1:
        return np.full((len(samples), 2), np.nan)
    return np.sort(samples, axis=1)[:, [rank - 1, rounds - rank]]


def _by_blocks(samples: Floats, blocks: int) -> Floats:
    """The percentile interval of the bootstrap over blocks of rounds."""

    def statistic(drawn: NDArray[np.int64], axis: int = -1) -> Floats:
        # Blocks first, then resamples: sums over blocks or rounds then run along memory.
        chosen = np.moveaxis(drawn, axis, 0) == np.arange(blocks)[:, None, None]
        counts = chosen.sum(axis=1, dtype=np.int32)
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


def _resampled_medians(row: Floats, counts: NDArray[np.int32]) -> Floats:
    """The medians of a row when its block b is drawn `counts[b, r]` times in resample r.

    The row is sorted once. Counting how many drawn rounds are at or below each position gives
    the exact median of every resample, without building or sorting one.
    """
    order = np.argsort(row, kind="stable")
    ordered, blocks = row[order], len(counts)
    # Where the rounds do not divide into blocks, some blocks are longer: all rounds count.
    drawn_up_to = np.cumsum(counts[order * blocks // len(row)], axis=0, dtype=np.int32)
    middle = drawn_up_to[-1] / 2
    lower, upper = (
        ordered[(drawn_up_to < rank.astype(np.int32)).sum(axis=0, dtype=np.int32)]
        for rank in (np.ceil(middle), np.floor(middle) + 1)
    )
    return np.asarray((lower + upper) / 2)
