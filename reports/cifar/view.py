"""A study of training as a part of the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports import looks, machine, units
from reports.cifar.load import Run, Study
from reports.folders import Folder, Part
from reports.tables import Table

PERCENT = 100


@dataclass(frozen=True)
class View:
    """What the template shows besides a part's own words."""

    pictures: list[looks.Picture]
    runs: Table


def show(folder: Folder, identity: str) -> Part:
    """Make the part of the page about one folder.

    Args:
        folder: what `load.read` returned.
        identity: unique on the page.
    """
    study: Study = folder.content
    return Part(
        identity=identity,
        label=folder.label,
        headlines=[_best(study.runs)],
        warnings=list(_warnings(study.runs)),
        facts=[
            ("Folder", folder.path),
            ("Measured", machine.text(study.datetime)),
            *((f"Data, {key}", machine.text(value)) for key, value in study.data.items()),
            *((f"Setting, {key}", machine.text(value)) for key, value in study.settings.items()),
            *machine.computer(study.machine_info, study.commit_info),
        ],
        view=View(pictures=[], runs=_runs(study.runs)),
    )


def _best(runs: list[Run]) -> str:
    best = max(runs, key=lambda run: run.history["val_accuracy"][-1])
    return (
        f"Of {len(runs)} runs {best.model} with seed {best.seed} ended best: "
        f"{units.digits(PERCENT * best.history['val_accuracy'][-1])} % of the test images right."
    )


def _warnings(runs: list[Run]) -> Iterable[str]:
    stopped = [f"{run.model} seed {run.seed}" for run in runs if run.state == "stopped"]
    if stopped:
        yield f"Not trained to the end, run the same command again: {', '.join(stopped)}."
    diverged = [f"{run.model} seed {run.seed}" for run in runs if run.state == "diverged"]
    if diverged:
        yield f"Diverged, and not counted: {', '.join(diverged)}."


def _runs(runs: list[Run]) -> Table:
    return Table(
        caption="The last epoch of every run.",
        head=["Model", "Seed", "State", "Epochs", "Test accuracy", "Test loss", "Parameters"],
        rows=[
            [
                run.model,
                str(run.seed),
                run.state,
                str(len(run.epoch_seconds)),
                units.digits(run.history["val_accuracy"][-1]),
                units.digits(run.history["val_loss"][-1]),
                f"{run.parameters:,}",
            ]
            for run in runs
        ],
    )
