"""Traces of a study for TensorBoard: one of each model, from the first run that is trained."""

import shlex
from pathlib import Path

from bench.cifar.models import Candidate
from bench.profiling import tensorboard
from bench.profiling.training import ProfileSteps
from reports.profiling.record import ModelSubject

TRACED = "Steps of an epoch were traced (--profile): do not compare the time of that epoch."


class Traces:
    """Makes the callbacks that trace, and knows what they have traced.

    Args:
        output: the folder of the study; traces go into the folder `profile` next to it.
        batch: images in a step.
    """

    def __init__(self, output: Path, batch: int):
        self._folder, self._batch = output.parent / "profile", batch
        self._latest: dict[str, ProfileSteps] = {}

    def callbacks(self, candidate: Candidate, seed: int) -> list[ProfileSteps]:
        """Return a callback that traces, or none where the model has its trace.

        Args:
            candidate: what is about to be trained.
            seed: from which seed.
        """
        if candidate.name in self._latest and self._latest[candidate.name].run is not None:
            return []
        subject = ModelSubject(
            kind="model", model=candidate.name, direction="training", batch=self._batch, seed=seed
        )
        name = f"{candidate.name}-cifar-seed{seed}"
        self._latest[candidate.name] = ProfileSteps(self._folder, name, subject)
        return [self._latest[candidate.name]]

    def summary(self) -> str:
        """Say how to open the traces, and which models have none."""
        missing = [name for name, callback in self._latest.items() if callback.run is None]
        lines = [f"Traces:  {shlex.join(tensorboard.command(self._folder))}"]
        if missing:
            lines.append(f"Not traced, since nothing of them was trained: {', '.join(missing)}")
        return "\n".join(lines[len(missing) == len(self._latest) :])
