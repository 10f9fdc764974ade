"""Which runs may come with the package: one seed each, chosen before any result was seen."""

from collections.abc import Sequence
from pathlib import Path

from bench.cifar import trained
from bench.cifar.models import MODELS
from bench.cifar.trained import TrainedModel
from involution.models.trained import CLASSES
from reports.sources.files import shown_path

# The first seed, not the best: an accuracy that chose its own seed would be too high.
SEED = 0
WEIGHTS = "cifar10"


def chosen(runs: Sequence[Path]) -> list[TrainedModel]:
    """Read the runs whose weights are to be written.

    Args:
        runs: folders MODEL/seed-0 of one study.

    Raises:
        ValueError: if one of them is unfinished, of another seed, data set, study or number of
            epochs, or of a model that takes no weights, or if a model is named twice.
    """
    found = [_checked(trained.read(run)) for run in runs]
    first = found[0]
    names: set[str] = set()
    for model in found:
        where = shown_path(model.folder)
        if model.run.model in names:
            raise ValueError(
                f"{where}: expected each model once. Received: {model.run.model} again"
            )
        names.add(model.run.model)
        if model.study_folder != first.study_folder:
            raise ValueError(
                f"{where}: expected a run of the same study as {shown_path(first.folder)}. "
                "Received: one of another"
            )
        if model.run.epochs != first.run.epochs:
            raise ValueError(
                f"{where}: expected {first.run.epochs} epochs, as {shown_path(first.folder)} has. "
                f"Received: {model.run.epochs}"
            )
    return found


def _checked(model: TrainedModel) -> TrainedModel:
    where, run, data = shown_path(model.folder), model.run, model.study.record.data
    if run.model not in MODELS:
        raise ValueError(
            f"{where}: expected a model that takes weights: {', '.join(MODELS)}. "
            f"Received: {run.model}"
        )
    if run.seed != SEED:
        raise ValueError(
            f"{where}: expected seed {SEED}, so that no seed is chosen by its accuracy. "
            f"Received: seed {run.seed}"
        )
    classes = len(data.classes or [])
    if data.dataset != WEIGHTS or classes != CLASSES[WEIGHTS]:
        raise ValueError(
            f"{where}: expected a study of {WEIGHTS} with {CLASSES[WEIGHTS]} classes. "
            f"Received: {data.dataset} with {classes}"
        )
    return model
