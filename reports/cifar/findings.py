"""Statistics to sentences: what a study found, with intervals, never more."""

import math
from collections.abc import Iterator, Sequence

from reports import units
from reports.cifar.load import Study
from reports.cifar.statistics import (
    PUBLISHED,
    Difference,
    Estimate,
    Summary,
    is_as_published,
)


def headlines(
    study: Study, found: Sequence[Summary], compared: Sequence[Difference]
) -> Iterator[str]:
    """State what a study found: a sentence a comparison, and one a published figure."""
    if not found:
        yield "No run is finished yet."
        return
    for difference in compared:
        yield comparison(difference)
    if not compared:
        best = max(found, key=lambda summary: summary.accuracy.mean)
        yield f"{best.model} reaches a test accuracy of {interval(best.accuracy)}."
    if is_as_published(study):
        for summary in found:
            if summary.model in PUBLISHED:
                yield published(summary, PUBLISHED[summary.model])


def comparison(difference: Difference) -> str:
    """State what one model gives against its baseline."""
    model, baseline = difference.model, difference.baseline
    mean, low, high = difference.accuracy
    direction = "more" if mean > 0 else "less"
    if math.isnan(low):
        certainty = "too few runs for an interval"
    else:
        ends = sorted((abs(low), abs(high))) if low * high > 0 else (low, high)
        certainty = f"95 % interval {ends[0]:.3f} to {ends[1]:.3f}"
        if difference.verdict == "undecided":
            certainty = f"which cannot be told from none: 95 % interval {low:+.3f} to {high:+.3f}"
    parts = [
        f"{abs(mean):.3f} {direction} test accuracy ({certainty}; "
        f"{len(model.runs)} and {len(baseline.runs)} seeds)",
        f"{units.times(model.parameters / baseline.parameters)} times the parameters",
    ]
    if math.isfinite(model.seconds) and baseline.seconds > 0:
        parts.append(f"{units.times(model.seconds / baseline.seconds)} times the time per epoch")
    return (
        f"{model.model} against {baseline.model} ({model.comparison}): "
        f"{parts[0]}, with {' and '.join(parts[1:])}."
    )


def published(summary: Summary, figure: float) -> str:
    """Say whether a single published run lies inside the spread found."""
    values, count = summary.accuracy.values, len(summary.runs)
    low, high = min(values), max(values)
    seeds = f"{count} seed{'s' if count > 1 else ''}"
    place = "inside" if low <= figure <= high else "outside"
    sentence = (
        f"The tutorial's single run of {summary.model}, {figure:.4f}, lies {place} the spread of "
        f"the {seeds} here, {low:.4f} to {high:.4f}"
    )
    expected = summary.accuracy.further_run()
    if math.isnan(expected[0]):
        return f"{sentence}; one run has no spread to speak of."
    within = expected[0] <= figure <= expected[1]
    return (
        f"{sentence}, and {'inside' if within else 'outside'} the range expected of one more "
        f"run in 95 of 100 cases, {expected[0]:.3f} to {expected[1]:.3f}."
    )


def interval(estimate: Estimate, decimals: int = 3) -> str:
    """Write a mean with its interval.

    Example:
        >>> interval(Estimate((0.5, 0.7), 0.6, 0.1, 1.1)), interval(Estimate.of([0.5]))
        ('0.600 (0.100 to 1.100)', '0.500 (interval unknown)')
    """
    if math.isnan(estimate.low):
        return f"{estimate.mean:.{decimals}f} (interval unknown)"
    ends = f"{estimate.low:.{decimals}f} to {estimate.high:.{decimals}f}"
    return f"{estimate.mean:.{decimals}f} ({ends})"


def curves_title(found: Sequence[Summary]) -> str:
    """Title the curves with where the models end."""
    ends = [f"{summary.model} {summary.accuracy.mean:.3f}" for summary in _ranked(found)]
    return f"Test accuracy after the last epoch: {', '.join(ends)}"


def parameters_title(found: Sequence[Summary], compared: Sequence[Difference]) -> str:
    """Title the figure of parameters and accuracy with the first comparison."""
    if not compared:
        return "Test accuracy and number of parameters"
    first = compared[0]
    share = units.times(first.model.parameters / first.baseline.parameters)
    word = {"better": "more", "worse": "less"}.get(first.verdict)
    if word is None:
        return f"With {share} times the parameters, {first.model.model} cannot be told apart"
    return (
        f"With {share} times the parameters, {first.model.model} has "
        f"{abs(first.accuracy[0]):.3f} {word} accuracy than {first.baseline.model}"
    )


def time_title(found: Sequence[Summary], compared: Sequence[Difference]) -> str:
    """Title the figure of times with the first comparison."""
    timed = [d for d in compared if math.isfinite(d.model.seconds) and d.baseline.seconds > 0]
    if not timed:
        return "Time per epoch"
    first = timed[0]
    share = units.times(first.model.seconds / first.baseline.seconds)
    return f"An epoch of {first.model.model} takes {share} times that of {first.baseline.model}"


def _ranked(found: Sequence[Summary]) -> list[Summary]:
    return sorted(found, key=lambda summary: -summary.accuracy.mean)
