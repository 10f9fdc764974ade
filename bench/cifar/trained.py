"""The folder of one trained model: its run, the study that it is part of, and the model."""

from dataclasses import dataclass
from pathlib import Path

import keras

from bench.cifar.store import Store
from reports.cifar.load import Study
from reports.cifar.load import read as read_study
from reports.cifar.record import RUN, TrainingRun
from reports.cifar.statistics import Difference, Summary, differences, summaries
from reports.sources.files import UnreadableError, shown_path
from reports.text import units

SAMPLE = "results/cifar/tutorial_cnn/seed-0"


@dataclass(frozen=True)
class TrainedModel:
    """A run that is trained to its end.

    Attributes:
        folder: of the run.
        run: what is known of it.
        study: all runs of its study.
        hardware: on which the study began.
    """

    folder: Path
    run: TrainingRun
    study: Study
    hardware: str

    @property
    def study_folder(self) -> Path:
        """The folder of its study."""
        return self.folder.resolve().parent.parent

    @property
    def summary(self) -> Summary:
        """The model over all its finished runs."""
        return next(each for each in summaries(self.study) if each.model == self.run.model)

    @property
    def difference(self) -> Difference | None:
        """The model against its baseline; None where the study has no finished run of it."""
        compared = differences(summaries(self.study))
        return next((each for each in compared if each.model.model == self.run.model), None)

    def network(self) -> keras.Model:
        """Load the model without what only its training needs, two thirds of its file.

        Raises:
            ValueError: if the file is damaged.
        """
        path = Store(self.folder).trained
        try:
            return keras.saving.load_model(path, compile=False)
        except Exception as error:
            raise ValueError(
                f"{shown_path(path)}: expected a model that Keras can load. Received: {error}"
            ) from error


def read(folder: Path) -> TrainedModel:
    """Read the folder of one trained model, as `python -m bench.cifar` leaves it.

    Args:
        folder: MODEL/seed-N in the folder of a study.

    Raises:
        ValueError: if it is no such folder or its training is not finished.
    """
    run = _finished(folder)
    study_folder = folder.resolve().parent.parent
    try:
        source = read_study(study_folder)
    except UnreadableError as error:
        raise ValueError(
            f"{shown_path(folder)}: expected a folder MODEL/seed-N of a study. "
            f"Received: {shown_path(study_folder)}: {error}"
        ) from None
    study: Study = source.content
    if (run.model, run.seed) not in {(each.model, each.seed) for each in study.runs}:
        raise ValueError(
            f"{shown_path(folder)}: expected a folder MODEL/seed-N of the study in "
            f"{shown_path(study_folder)}. Received: a run that is not part of it"
        )
    return TrainedModel(folder, run, study, source.hardware)


def _finished(folder: Path) -> TrainingRun:
    where = shown_path(folder)
    run = Store(folder).read()
    if run is None:
        found = "a folder without it" if folder.is_dir() else "no such folder"
        raise ValueError(
            f"{where}: expected the folder of one trained model, such as {SAMPLE}, with {RUN} in "
            f"it. Received: {found}"
        )
    if run.state != "finished":
        raise ValueError(
            f"{where}: expected a run that is finished. Received: {run.state} after "
            f"{units.counted(run.epochs, 'epoch')}"
        )
    if not Store(folder).trained.is_file():
        raise ValueError(
            f"{where}: expected the trained model {Store(folder).trained.name}. Received: none"
        )
    return run
