"""What is known of a run, from its beginning to its last epoch; each step returns a new value."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from bench.cifar.models import Candidate
from reports.cifar.record import FORMAT, METRICS, History, TrainingRun, finite

# How the note of a run begins that could not be trained to its end.
FAILED = "Training failed"


def begin(candidate: Candidate, seed: int, network: keras.Model) -> TrainingRun:
    """Return a run of which no epoch is done.

    Args:
        candidate: what is trained.
        seed: from which seed.
        network: the candidate's model, built.
    """
    return TrainingRun(
        format=FORMAT,
        model=candidate.name,
        seed=seed,
        operator=candidate.operator,
        baseline=candidate.baseline,
        comparison=candidate.comparison,
        parameters=sum(math.prod(weight.shape) for weight in network.trainable_weights),
        state="stopped",
        history=History(loss=[], accuracy=[], val_loss=[], val_accuracy=[]),
        epoch_seconds=[],
        compiled_epochs=[],
        input_seconds=None,
        notes=[],
    )


def changed(run: TrainingRun, **changes: Any) -> TrainingRun:
    """Return a run with other values of some keys.

    Args:
        run: the run as it was.
        **changes: keys of `TrainingRun`.
    """
    return TrainingRun.model_validate({**dict(run), **changes})


def noted(run: TrainingRun, notes: Sequence[str]) -> TrainingRun:
    """Return a run with further notes, each of them once.

    Args:
        run: the run as it was.
        notes: what to add.
    """
    return changed(run, notes=list(dict.fromkeys([*run.notes, *notes])))


def finished(run: TrainingRun) -> TrainingRun:
    """Return a run as finished; that it had failed before does not matter any more.

    Args:
        run: the run after its last epoch.
    """
    notes = [note for note in run.notes if not note.startswith(FAILED)]
    return changed(run, state="finished", notes=notes)


def after_epoch(run: TrainingRun, seconds: float, metrics: Mapping[str, float]) -> TrainingRun:
    """Return a run with one more epoch.

    Args:
        run: the run before it.
        seconds: how long the epoch was trained.
        metrics: a value for each of `METRICS`, and others.

    Returns:
        The run; "diverged" if a metric is not finite.
    """
    history = {
        name: [*getattr(run.history, name), finite(float(metrics[name]))] for name in METRICS
    }
    longer = changed(run, history=History(**history), epoch_seconds=[*run.epoch_seconds, seconds])
    if all(math.isfinite(metrics[name]) for name in METRICS):
        return longer
    note = f"Diverged in epoch {longer.epochs}: a metric is not finite."
    return changed(noted(longer, [note]), state="diverged")
