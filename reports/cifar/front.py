"""What the page of a study begins with."""

import math
from collections.abc import Iterable, Sequence

from reports.cifar.figures import parameters_picture
from reports.cifar.findings import MEASURED_NOTHING, interval
from reports.cifar.load import Study
from reports.cifar.palette import swatches
from reports.cifar.statistics import Difference, Summary
from reports.drawing.front import Front
from reports.text import fractions, machine, units, words


def front(
    study: Study, found: Sequence[Summary], compared: Sequence[Difference], name: str
) -> Front:
    """Choose what a page of this study alone begins with.

    Args:
        study: what was read.
        found: of `statistics.summaries`.
        compared: of `statistics.differences`.
        name: the figure's, unique on the page.
    """
    record = study.record
    epochs = record.settings.epochs
    facts = [
        machine.hardware(record.machine_info),
        words.shortened(record.data.dataset or ""),
        units.counted(epochs, "epoch") if epochs else "",
        record.datetime[:10],
    ]
    shown = [fact for fact in facts if fact and fact != machine.NOT_STATED]
    title = _title(found, compared)
    figure = parameters_picture(found, swatches(found), title, name) if found else None
    return Front(title, shown, _lines(compared), figure)


def _title(found: Sequence[Summary], compared: Sequence[Difference]) -> str:
    if not found:
        return MEASURED_NOTHING
    if not compared:
        best = max(found, key=lambda summary: summary.accuracy.mean)
        return f"{best.model} reaches a test accuracy of {interval(best.accuracy, 2)}"
    first = compared[0]
    model, baseline = first.model, first.baseline
    share = fractions.amount(model.parameters / baseline.parameters, "parameters")
    share = share.replace("as much", "as many")
    if first.verdict == "undecided":
        return f"Whether {model.model} is more accurate than {baseline.model} is not decided"
    word = "more" if first.verdict == "better" else "less"
    return f"{model.model} is {word} accurate than {baseline.model}, with {share}"


def _lines(compared: Sequence[Difference]) -> list[str]:
    if not compared:
        return []
    better, worse, undecided = (
        [one for one in compared if one.verdict == verdict]
        for verdict in ("better", "worse", "undecided")
    )
    open_ones = [f"Not decided: {_named(undecided)}."] if undecided else []
    return [
        f"Where it wins: {_accuracies(better) or 'not in accuracy.'}",
        f"Where it loses: {' '.join([_accuracies(worse) or 'not in accuracy.', *open_ones])}",
        f"What it costs: {_costs(compared[0])}",
    ]


def _named(compared: Iterable[Difference]) -> str:
    return words.listed(f"{one.model.model} against {one.baseline.model}" for one in compared)


def _accuracies(compared: Sequence[Difference]) -> str:
    """The difference of the first comparison with its interval, and how many others there are."""
    if not compared:
        return ""
    first = compared[0]
    mean, low, high = (abs(value) for value in first.accuracy)
    word = "more" if first.verdict == "better" else "less"
    ends = " to ".join(f"{end:.2f}" for end in sorted((low, high)))
    others = f" {word.capitalize()}, too: {_named(compared[1:])}." if len(compared) > 1 else ""
    model, baseline = first.model.model, first.baseline.model
    return f"{mean:.2f} {word} test accuracy of {model} than of {baseline} ({ends}).{others}"


def _costs(first: Difference) -> str:
    model, baseline = first.model, first.baseline
    parts = [f"{units.times(model.parameters / baseline.parameters)} times the parameters"]
    if math.isfinite(model.seconds) and baseline.seconds > 0:
        parts.append(f"{units.times(model.seconds / baseline.seconds)} times the time of an epoch")
    return f"{words.listed(parts)} of {baseline.model}."
