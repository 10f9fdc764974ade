"""Runs to means, spreads, intervals and differences."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.cifar.load import Study
from reports.cifar.record import Floats, Metric, OperatorName, TrainingRun

CONFIDENCE = 0.95
# The single runs of the Keras tutorial, in its own settings: model to last validation accuracy.
PUBLISHED = {"tutorial_cnn": 0.7304, "tutorial_inn": 0.4719}
PUBLISHED_SETTINGS = {"epochs": 20, "batch": 256, "learning_rate": 1e-3, "augment": False}


@dataclass(frozen=True)
class Estimate:
    """A quantity over several seeds.

    Attributes:
        values: one per seed.
        mean: of the values.
        low: lower end of the 95 % interval of the mean; NaN for a single value.
        high: its upper end.
    """

    values: tuple[float, ...]
    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Estimate":
        """Estimate a mean with Student's interval, which holds for few seeds.

        Args:
            values: one per seed, at least one.
        """
        mean, half = float(np.mean(values)), math.nan
        if len(values) > 1:
            half = _t(len(values) - 1) * float(stats.sem(values))
        return cls(tuple(values), mean, mean - half, mean + half)

    @property
    def deviation(self) -> float:
        """Standard deviation over seeds; NaN for a single value."""
        return float(np.std(self.values, ddof=1)) if len(self.values) > 1 else math.nan

    def further_run(self) -> tuple[float, float]:
        """Return where one more run is expected in 95 of 100 cases; NaN for a single value."""
        if len(self.values) < 2:
            return math.nan, math.nan
        half = _t(len(self.values) - 1) * self.deviation * math.sqrt(1 + 1 / len(self.values))
        return self.mean - half, self.mean + half


@dataclass(frozen=True)
class Summary:
    """One model over its finished runs.

    Attributes:
        model: its name.
        operator: "convolution" or "involution".
        baseline: the model that it is compared with, if any.
        comparison: what the two have in common.
        parameters: as the study's format counts them: trainable ones, in format 1 all.
        runs: the finished runs.
        accuracy: test accuracy after the last epoch.
        loss: test loss after the last epoch.
        training_accuracy: training accuracy in the last epoch.
        epoch_seconds: every epoch's training time but those with compilation.
        input_share: time to make an epoch's batches, alone, over the epoch's time; the
            median of the runs; NaN if unknown.
    """

    model: str
    operator: OperatorName
    baseline: str | None
    comparison: str
    parameters: int
    runs: tuple[TrainingRun, ...]
    accuracy: Estimate
    loss: Estimate
    training_accuracy: Estimate
    epoch_seconds: Floats
    input_share: float

    @property
    def seconds(self) -> float:
        """Median time of an epoch; NaN if every epoch had compilation in it."""
        return float(np.median(self.epoch_seconds)) if len(self.epoch_seconds) else math.nan


@dataclass(frozen=True)
class Difference:
    """A model against its baseline: the model's mean minus the baseline's, with its interval."""

    model: Summary
    baseline: Summary
    accuracy: tuple[float, float, float]
    loss: tuple[float, float, float]

    @property
    def verdict(self) -> str:
        """Say what the interval of the accuracies proves."""
        _, low, high = self.accuracy
        if low > 0:
            return "better"
        return "worse" if high < 0 else "undecided"


def summaries(study: Study) -> list[Summary]:
    """Summarise each model that has a finished run, in the order of the study.

    Args:
        study: what was read.
    """
    groups: dict[str, list[TrainingRun]] = {}
    for run in study.runs:
        if run.state == "finished":
            groups.setdefault(run.model, []).append(run)
    return [_summary(tuple(runs)) for runs in groups.values()]


def _summary(runs: tuple[TrainingRun, ...]) -> Summary:
    first = runs[0]
    seconds = [_steady(run) for run in runs]
    shares = [
        run.input_seconds / float(np.median(times))
        for run, times in zip(runs, seconds, strict=True)
        if run.input_seconds is not None and len(times) and np.median(times) > 0
    ]
    return Summary(
        *(first.model, first.operator, first.baseline, first.comparison, first.parameters),
        runs=runs,
        accuracy=_last(runs, "val_accuracy"),
        loss=_last(runs, "val_loss"),
        training_accuracy=_last(runs, "accuracy"),
        epoch_seconds=np.concatenate(seconds),
        input_share=float(np.median(shares)) if shares else math.nan,
    )


def _last(runs: Sequence[TrainingRun], metric: Metric) -> Estimate:
    return Estimate.of([float(run.metric(metric)[-1]) for run in runs])


def _steady(run: TrainingRun) -> Floats:
    """Return the times of the epochs that had no compilation in them."""
    return np.delete(
        np.asarray(run.epoch_seconds), [e for e in run.compiled_epochs if e < run.epochs]
    )


def differences(found: Sequence[Summary]) -> list[Difference]:
    """Compare each model with its baseline, where both have finished runs.

    Args:
        found: of `summaries`.
    """
    by_name = {summary.model: summary for summary in found}
    return [
        Difference(
            summary,
            by_name[summary.baseline],
            difference(summary.accuracy.values, by_name[summary.baseline].accuracy.values),
            difference(summary.loss.values, by_name[summary.baseline].loss.values),
        )
        for summary in found
        if summary.baseline in by_name
    ]


def difference(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """Subtract two means; Welch's interval, for the spreads of two models differ.

    Args:
        first: one value per seed.
        second: likewise; a seed of one model has nothing in common with that of another but
            the order of the images, so that they are not taken as pairs.

    Returns:
        The difference and the ends of its 95 % interval, NaN where a model has a single run or
        neither model varies.
    """
    mean = float(np.mean(first) - np.mean(second))
    if min(len(first), len(second)) < 2 or not (np.ptp(first) or np.ptp(second)):
        return mean, math.nan, math.nan
    with warnings.catch_warnings():
        # SciPy doubts values that are nearly equal; seeds that agree are a finding.
        warnings.filterwarnings("ignore", "Precision loss occurred", RuntimeWarning)
        test = stats.ttest_ind(first, second, equal_var=False)
    interval = test.confidence_interval(CONFIDENCE)
    return mean, float(interval.low), float(interval.high)


def is_as_published(study: Study) -> bool:
    """Say whether the study was trained as the Keras tutorial trains.

    Args:
        study: what was read.
    """
    settings, data = study.record.settings, study.record.data
    same = all(getattr(settings, key) == value for key, value in PUBLISHED_SETTINGS.items())
    return same and data.dataset == "cifar10"


def _t(freedom: float) -> float:
    """Return Student's t, of which SciPy's own intervals are undefined where seeds agree."""
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))
