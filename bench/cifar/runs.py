"""The runs of a study: each of its models from each of its seeds, and where each is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.cifar.models import Candidate
from bench.cifar.store import Store
from reports.cifar.record import TrainingRun
from reports.text import units


@dataclass(frozen=True)
class PlannedRun:
    """One model, to be trained from one seed.

    Attributes:
        candidate: the model.
        seed: sets weights, order of the images and augmentation.
        study: the folder of the results of all runs.
    """

    candidate: Candidate
    seed: int
    study: Path

    @property
    def name(self) -> str:
        """What it is called on the terminal."""
        return f"{self.candidate.name}, seed {self.seed}"

    @property
    def store(self) -> Store:
        """Its files."""
        return Store(self.study / self.candidate.name / f"seed-{self.seed}")

    @property
    def curves(self) -> Path:
        """The folder of its curves for TensorBoard."""
        return curves(self.study) / self.candidate.name / f"seed-{self.seed}"


def planned(candidates: Iterable[Candidate], seeds: int, study: Path) -> list[PlannedRun]:
    """List the runs of a study in their order.

    Seeds are the outer loop, so that a stopped study has the same seeds of each model.

    Args:
        candidates: the models.
        seeds: how many seeds.
        study: the folder of the results.
    """
    chosen = list(candidates)
    return [PlannedRun(each, seed, study) for seed in range(seeds) for each in chosen]


def curves(study: Path) -> Path:
    """Return the folder of the curves of all runs for TensorBoard, next to that of the results.

    Args:
        study: the folder of the results.
    """
    return study.parent / "tensorboard" / study.name


def outcome(run: TrainingRun) -> str:
    """Say how a run ended.

    Args:
        run: what is known of it.

    Example:
        `finished after 20 epochs, test accuracy 0.7130`
    """
    epochs = units.counted(run.epochs, "epoch")
    return f"{run.state} after {epochs}, test accuracy {run.metric('val_accuracy')[-1]:.4f}"
