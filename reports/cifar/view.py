"""A study of training as a part of the page."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.cifar import figures, findings, statistics
from reports.cifar.front import front
from reports.cifar.load import NAME, Study
from reports.cifar.palette import swatches
from reports.cifar.record import Metric, StudyData, StudyRecord, StudySettings, TrainingRun
from reports.cifar.statistics import Difference, Summary
from reports.drawing.figure import Figure
from reports.sources.kind import Part, Source, identities
from reports.text import machine, units
from reports.text.table import Table

PERCENT = 100
# The metrics of the table of runs, in the order of its columns.
ENDS: tuple[Metric, ...] = ("val_accuracy", "val_loss", "accuracy", "loss")


@dataclass(frozen=True)
class StudyView:
    """What the template shows in addition to a part's own words."""

    pictures: list[Figure]
    metrics: Table
    differences: Table
    runs: Table


def show(sources: Sequence[Source]) -> list[Part]:
    """Make the parts of the page about all sources of this kind.

    Args:
        sources: what `load.read` returned.
    """
    names = identities(NAME, sources)
    return [_part(source, name) for source, name in zip(sources, names, strict=True)]


def _part(folder: Source, identity: str) -> Part:
    study: Study = folder.content
    found = statistics.summaries(study)
    compared = statistics.differences(found)
    return Part(
        identity=identity,
        label=folder.label,
        headlines=list(findings.headlines(study, found, compared)),
        warnings=list(findings.warnings(study, found)),
        facts=_facts(folder.path, study.record),
        front=front(study, found, compared, f"{identity}-front"),
        view=StudyView(
            pictures=_pictures(study, found, compared, identity),
            metrics=_metrics(found),
            differences=_differences(compared),
            runs=_runs(study.runs),
        ),
    )


def _pictures(
    study: Study, found: Sequence[Summary], compared: Sequence[Difference], identity: str
) -> list[Figure]:
    colours = swatches(found)
    pictures = [figures.sample_picture(study, f"{identity}-sample")]
    if found:
        pictures += [
            figures.curves_picture(
                found, colours, findings.curves_title(found), f"{identity}-curves"
            ),
            figures.parameters_picture(
                *(found, colours, findings.parameters_title(compared)),
                f"{identity}-parameters",
            ),
            figures.time_picture(found, colours, findings.time_title(compared), f"{identity}-time"),
            # The first seed of each model stands for the others.
            *(
                figures.maps_picture(study, summary.runs[0], f"{identity}-maps-{number}")
                for number, summary in enumerate(found, start=1)
            ),
        ]
    return [picture for picture in pictures if picture]


def _facts(path: str, record: StudyRecord) -> list[tuple[str, str]]:
    return [
        ("Folder", path),
        ("Begun", machine.text(record.datetime)),
        *((_label(f"data {key}"), machine.text(value)) for key, value in _stated(record.data)),
        *((_label(key), machine.text(value)) for key, value in _stated(record.settings)),
        *machine.computer(record.machine_info, record.commit_info),
    ]


def _stated(part: StudySettings | StudyData) -> Iterable[tuple[str, object]]:
    """List what a file says, with keys that are not declared, without those that it lacks."""
    return part.model_dump(exclude_unset=True).items()


def _label(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _metrics(found: Sequence[Summary]) -> Table:
    unit = units.common([summary.seconds for summary in found], units.SECONDS)
    return Table(
        caption="After the last epoch: mean over seeds, 95 % interval of the mean below it.",
        head=[
            *("Model", "Operator", "Seeds", "Parameters", "Test accuracy", "Lowest to highest"),
            *("Standard deviation", "Test loss", "Training accuracy", "Best epoch"),
            *(f"Epoch, {unit.symbol}", "Input share"),
        ],
        rows=[
            [
                *(summary.model, summary.operator, str(len(summary.runs))),
                f"{summary.parameters:,}",
                _cell(summary.accuracy),
                f"{min(summary.accuracy.values):.3f} to {max(summary.accuracy.values):.3f}",
                _number(summary.accuracy.deviation),
                _cell(summary.loss),
                _cell(summary.training_accuracy),
                f"{max(float(max(run.metric('val_accuracy'))) for run in summary.runs):.3f}",
                units.digits(summary.seconds / unit.size),
                _share(summary.input_share),
            ]
            for summary in found
        ],
    )


def _differences(compared: Sequence[Difference]) -> Table:
    return Table(
        caption="Model minus baseline, with Welch's 95 % interval; parameters and times as ratios.",
        head=[
            *("Model", "Baseline", "Comparison", "Verdict", "Test accuracy", "Test loss"),
            *("Parameters", "Time per epoch"),
        ],
        rows=[
            [
                *(one.model.model, one.baseline.model, one.model.comparison, one.verdict),
                _signed(*one.accuracy),
                _signed(*one.loss),
                units.ratio(one.model.parameters / one.baseline.parameters),
                units.ratio(
                    one.model.seconds / one.baseline.seconds if one.baseline.seconds else math.nan
                ),
            ]
            for one in compared
        ],
    )


def _runs(runs: Sequence[TrainingRun]) -> Table:
    return Table(
        caption="Every run, after its last epoch.",
        head=[
            *("Model", "Seed", "State", "Epochs", "Test accuracy", "Test loss"),
            *("Training accuracy", "Training loss", "Notes"),
        ],
        rows=[
            [
                *(run.model, str(run.seed), run.state, str(run.epochs)),
                *(_number(float(run.metric(name)[-1]), 4) for name in ENDS),
                "; ".join(run.notes),
            ]
            for run in runs
        ],
    )


def _cell(estimate: statistics.Estimate) -> str:
    if math.isnan(estimate.low):
        return f"{estimate.mean:.3f}\nunknown"
    return f"{estimate.mean:.3f}\n{estimate.low:.3f} to {estimate.high:.3f}"


def _signed(mean: float, low: float, high: float) -> str:
    if math.isnan(low):
        return f"{mean:+.3f}\nunknown"
    return f"{mean:+.3f}\n{low:+.3f} to {high:+.3f}"


def _number(value: float, decimals: int = 3) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else units.UNKNOWN


def _share(value: float) -> str:
    return f"{units.digits(PERCENT * value, 2)} %" if math.isfinite(value) else units.UNKNOWN
