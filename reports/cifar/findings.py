"""Statistics to sentences: what a study found, with intervals, never more."""

import math
from collections.abc import Iterator, Sequence

from reports.cifar.load import Study
from reports.cifar.record import FORMAT_1
from reports.cifar.statistics import PUBLISHED, Difference, Estimate, Summary, is_as_published
from reports.text import units

# Above this share of an epoch's time, making batches slows training down.
MOST_INPUT = 0.05
MEASURED_NOTHING = "No run is finished yet"


def headlines(
    study: Study, found: Sequence[Summary], compared: Sequence[Difference]
) -> Iterator[str]:
    """State what a study found: one sentence per comparison, and one per published figure.

    Args:
        study: what was read.
        found: of `statistics.summaries`.
        compared: of `statistics.differences`.
    """
    if not found:
        yield f"{MEASURED_NOTHING}."
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


def comparison(difference: Difference, *, timed: bool = True) -> str:
    """State what one model gives against its baseline.

    Args:
        difference: one of `statistics.differences`.
        timed: whether to state the time of an epoch, too, where it is known. Default True.
    """
    model, baseline = difference.model, difference.baseline
    mean, low, high = difference.accuracy
    direction = "more" if mean > 0 else "less"
    if math.isnan(low):
        certainty = "too few runs for an interval"
    else:
        ends = sorted((abs(low), abs(high))) if low * high > 0 else (low, high)
        certainty = f"95 % interval {ends[0]:.3f} to {ends[1]:.3f}"
        if difference.verdict == "undecided":
            certainty = f"which may be chance: 95 % interval {low:+.3f} to {high:+.3f}"
    parts = [
        (
            f"{abs(mean):.3f} {direction} test accuracy ({certainty}; "
            f"{len(model.runs)} and {units.counted(len(baseline.runs), 'seed')})"
        ),
        f"{units.times(model.parameters / baseline.parameters)} times the parameters",
    ]
    if timed and math.isfinite(model.seconds) and baseline.seconds > 0:
        parts.append(f"{units.times(model.seconds / baseline.seconds)} times the time per epoch")
    return (
        f"{model.model} against {baseline.model} ({model.comparison}): "
        f"{parts[0]}, with {' and '.join(parts[1:])}."
    )


def published(summary: Summary, figure: float) -> str:
    """Say whether a published accuracy is inside the spread of the runs here.

    Args:
        summary: one of `statistics.summaries`.
        figure: the published accuracy, from 0 to 1.
    """
    values = summary.accuracy.values
    single = f"The tutorial's single run of {summary.model}, {figure:.4f},"
    if len(values) < 2:
        return f"{single} compares with {values[0]:.4f} here; one seed has no spread."
    found, expected = (min(values), max(values)), summary.accuracy.further_run()
    return (
        f"{single} is {_place(figure, found)} the spread of the "
        f"{units.counted(len(values), 'seed')} here, {found[0]:.4f} to {found[1]:.4f}, and "
        f"{_place(figure, expected)} the range expected of one more run in 95 of 100 "
        f"cases, {expected[0]:.3f} to {expected[1]:.3f}."
    )


def _place(value: float, ends: tuple[float, float]) -> str:
    return "inside" if ends[0] <= value <= ends[1] else "outside"


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
    """Title the curves with where the models end.

    Args:
        found: of `statistics.summaries`.
    """
    ends = [f"{summary.model} {summary.accuracy.mean:.3f}" for summary in _ranked(found)]
    return f"Test accuracy after the last epoch: {', '.join(ends)}"


def parameters_title(compared: Sequence[Difference]) -> str:
    """Title the figure of parameters and accuracy with the first comparison.

    Args:
        compared: of `statistics.differences`.
    """
    if not compared:
        return "Test accuracy and number of parameters"
    first = compared[0]
    share = units.times(first.model.parameters / first.baseline.parameters)
    word = {"better": "more", "worse": "less"}.get(first.verdict)
    if word is None:
        ends = f"{first.model.accuracy.mean:.3f} against {first.baseline.accuracy.mean:.3f}"
        return f"With {share} times the parameters, an accuracy of {ends}: undecided"
    return (
        f"With {share} times the parameters, {first.model.model} has "
        f"{abs(first.accuracy[0]):.3f} {word} accuracy than {first.baseline.model}"
    )


def time_title(compared: Sequence[Difference]) -> str:
    """Title the figure of times with the first comparison.

    Args:
        compared: of `statistics.differences`.
    """
    timed = [d for d in compared if math.isfinite(d.model.seconds) and d.baseline.seconds > 0]
    if not timed:
        return "Time per epoch"
    first = timed[0]
    share = units.times(first.model.seconds / first.baseline.seconds)
    return f"An epoch of {first.model.model} takes {share} times that of {first.baseline.model}"


def _ranked(found: Sequence[Summary]) -> list[Summary]:
    return sorted(found, key=lambda summary: -summary.accuracy.mean)


def warnings(study: Study, found: Sequence[Summary]) -> Iterator[str]:
    """List reasons to doubt a study that is otherwise valid; each says what to do about it.

    Args:
        study: what was read.
        found: of `statistics.summaries`.
    """
    for state, text in (
        ("stopped", "Not trained to the end and not counted; give the same command again"),
        ("diverged", "Diverged and not counted, which favours their models; lower --learning-rate"),
    ):
        names = [f"{run.model} seed {run.seed}" for run in study.runs if run.state == state]
        if names:
            yield f"{text}: {', '.join(names)}."
    if any(len(summary.runs) < 3 for summary in found):
        yield "Fewer than three seeds of a model say little about its spread: raise --seeds."
    if any(len({run.epochs for run in summary.runs}) > 1 for summary in found):
        yield "Seeds were trained for different numbers of epochs: give the same command again."
    slow = [summary.model for summary in found if summary.input_share > MOST_INPUT]
    if slow:
        yield (
            f"Making the batches takes more than {100 * MOST_INPUT:.0f} % of an epoch of "
            f"{', '.join(slow)}: the times include the input."
        )
    if study.record.format == 1:
        yield f"{FORMAT_1}. Train into another folder to count trainable ones alone."
    yield from study.record.data.notes or []
    yield from sorted({note for run in study.runs for note in run.notes if run.state == "finished"})
    if study.record.commit_info.get("dirty") is True:
        yield "Trained with uncommitted changes: commit them to make it repeatable."
