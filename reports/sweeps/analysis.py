"""Records to judgements: ratios to the baseline, the noise floor and a verdict each."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.sources.case import DIRECTIONS
from reports.sweeps import coverage, overhead
from reports.sweeps.competition import SWEEP, of_case, whole_cases
from reports.sweeps.intervals import centres, intervals
from reports.sweeps.rivals import best_rivals
from reports.sweeps.roofline import placed
from reports.sweeps.stages import BEST, COST_RATIOS, FLOOR, JUDGED, LOADED, MEDIANS
from reports.sweeps.verdicts import verdicts
from reports.text import words

# The share of rounds that are no slower than a slow one.
SLOW = 0.95
# No run repeats more; all digits of columns that follow from others would fill the page.
DIGITS = 4


def judged(records: pd.DataFrame, conditions: Mapping[str, float]) -> pd.DataFrame:
    """Judge all records of one run.

    Args:
        records: the table `stages.LOADED`.
        conditions: the peaks of the run's machine, as in the results file.

    Returns:
        The table `stages.JUDGED`: the columns of `evaluate` and of `roofline.placed`.
    """
    evaluated = evaluate(records)
    found = JUDGED.checked(evaluated.join(placed(evaluated, conditions)))
    return found[[*JUDGED.columns]]


def evaluate(records: pd.DataFrame) -> pd.DataFrame:
    """Compare every record with its baseline.

    Args:
        records: the table `stages.LOADED`.

    Returns:
        The records with, added: `ratio`, `ratio_low`, `ratio_high` (centre and 95 % interval of
        the per-round ratios, as `intervals` says), `median_seconds`, `seconds_low`,
        `seconds_high`, the columns of `rates`, `floor_low`, `floor_high` (the noise floor of the
        case), `macs_ratio`, `flops_ratio`, `memory_ratio`, `parameters_ratio` (to the baseline;
        NaN where unknown), `verdict`, the columns of `best_rivals` with `best_verdict` (of the
        ratio to the best rival), `processes` (how many ran its rounds) and `is_short` (whether it
        is hardly longer than an empty call). Times are in seconds; an interval is NaN where there
        are too few rounds.
    """
    LOADED.checked(records)
    measured = records.join(_medians(records))
    measured = measured.join(rates(measured))
    cases = whole_cases(measured, pools_groups=True)
    baselines = of_case(
        measured.assign(series=words.series_of(measured)),
        cases,
        measured["is_baseline"],
        [*COST_RATIOS, "series"],
    )
    measured = measured.join(_noise_floor(measured, cases))
    measured = measured.join(_cost_ratios(measured, baselines))
    measured = measured.join(best_rivals(measured, baselines["series"]))
    floors = [measured[name] for name in FLOOR]
    to_best = verdicts(*(measured[name] for name in BEST[1:]), *floors)
    return measured.assign(
        verdict=verdicts(measured["ratio_low"], measured["ratio_high"], *floors),
        best_verdict=pd.Series(to_best, measured.index).where(measured["best_rival"].notna(), None),
        processes=coverage.processes(measured),
        is_short=overhead.are_short(measured),
    )


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


def rates(measured: pd.DataFrame) -> pd.DataFrame:
    """Say how many images a second each record computes, and what its slow calls take.

    Args:
        measured: records with `seconds`, `batch` and `median_seconds`.

    Returns:
        `p95_seconds`, the 95th percentile of the rounds, each of which is the median of a record's
        `calls`; `images_per_second`, the batch over the median; and `p95_images_per_second`, the
        batch over the 95th percentile: the rate that 95 of 100 rounds reach. All are rounded to
        `DIGITS` significant digits.
    """
    slow = measured["seconds"].map(lambda rounds: float(np.quantile(rounds, SLOW))).astype(float)
    exact = {
        "p95_seconds": slow,
        "images_per_second": measured["batch"] / measured["median_seconds"],
        "p95_images_per_second": measured["batch"] / slow,
    }
    return pd.DataFrame({name: column.map(_rounded) for name, column in exact.items()})


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _noise_floor(measured: pd.DataFrame, cases: pd.Series) -> pd.DataFrame:
    """Find how far from 1 the ratio of the baseline to itself comes out.

    The baseline's twin shows it, which was timed in the same rounds. Older files have no twin:
    there the baseline was timed a second time, in the rounds of its own record.

    Args:
        measured: records with `is_twin`, `is_baseline`, `ratio_low` and `ratio_high`.
        cases: the number of each record's whole case.

    Returns:
        `floor_low` and `floor_high` of each record, always with 1 inside: the interval of its
        own case's twin, but no narrower than the median one of its sweep and direction.
        A disturbed twin widens the floor of its own case alone, and an unusually quiet one
        narrows no floor.
    """
    shows_noise = measured["is_twin"] | (measured["is_baseline"] & measured["measurement"].isna())
    ends = ["ratio_low", "ratio_high"]
    line = [measured[key] for key in (*SWEEP, "direction")]
    shown = measured[ends].where(shows_noise)
    typical_low = shown["ratio_low"].clip(upper=1.0).groupby(line).transform("median")
    typical_high = shown["ratio_high"].clip(lower=1.0).groupby(line).transform("median")
    own = of_case(measured, cases, shows_noise, ends)
    return pd.DataFrame(
        {
            "floor_low": np.fmin(own["ratio_low"].clip(upper=1.0), typical_low),
            "floor_high": np.fmax(own["ratio_high"].clip(lower=1.0), typical_high),
        },
        index=measured.index,
    )


def _cost_ratios(measured: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """Costs divided by those of the baseline."""
    costs = list(COST_RATIOS)
    ratios = measured[costs] / baselines[costs].replace(0, np.nan)
    return ratios.rename(columns=COST_RATIOS)


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
