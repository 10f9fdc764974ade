"""What `python -m bench.cifar` does once its options are known."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tensorflow as tf

from bench.cifar import data, study, training
from bench.cifar.checks import DataError
from bench.cifar.data import Dataset
from bench.cifar.models import Candidate, candidate
from bench.cifar.options import StudyOptions
from bench.cifar.store import Store
from bench.cifar.traces import TRACED, Traces
from bench.profiling import tensorboard
from reports.cifar.record import MARKER, StudyRecord, TrainingRun
from reports.profiling.record import MARKER as TRACES
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError, check_writable
from reports.text import units


class WrongUsageError(ValueError):
    """Options that cannot be followed; the message says why."""


def run(options: StudyOptions) -> int:
    """Train all runs of a study that are not trained yet.

    Args:
        options: what the command line asks for.

    Returns:
        The exit status.

    Raises:
        WrongUsageError: if the options cannot be followed.
    """
    try:
        candidates = [candidate(name) for name in options.models]
        for file in _written(options):
            check_writable(file)
        before = study.existing(options.output)
    except UnwritableError as error:
        raise WrongUsageError(f"cannot write {error}") from error
    except ValueError as error:
        raise WrongUsageError(str(error)) from error
    try:
        if options.profile:
            tensorboard.require_plugin()
        images = data.load(options.data, options.dataset)
    except (tensorboard.MissingPluginError, DataError) as error:
        print(error, file=sys.stderr)
        return 1
    for note in images.notes:
        print(f"{images.source}: {note}", file=sys.stderr)
    tf.config.experimental.enable_op_determinism()
    try:
        strategy = training.choose_strategy(options.devices)
    except (ValueError, RuntimeError) as error:
        raise WrongUsageError(f"cannot train on these devices: {error}") from error
    notes = _begin(options, images, strategy, before)
    traces = Traces(options.output, options.settings.batch) if options.profile else None
    return _Session(options, images, strategy, traces, notes).run_all(candidates)


def _written(options: StudyOptions) -> list[Path]:
    """Name a file of each folder that a study writes."""
    output = options.output
    traces = [output.parent / "profile" / TRACES] if options.profile else []
    return [output / MARKER, _curves(output) / MARKER, *traces]


def _curves(output: Path) -> Path:
    """Name the folder of the curves for TensorBoard."""
    return output.parent / "tensorboard" / output.name


def _begin(
    options: StudyOptions,
    images: Dataset,
    strategy: tf.distribute.Strategy,
    before: StudyRecord | None,
) -> list[str]:
    """Begin or resume the study on disk, and return notes for its runs."""
    try:
        return study.begin(
            options.output,
            models=options.models,
            seeds=options.seeds,
            settings=options.settings,
            data=images,
            replicas=strategy.num_replicas_in_sync,
            before=before,
        )
    except (study.StudyError, UnwritableError) as error:
        raise WrongUsageError(str(error)) from error
    except OSError as error:
        raise WrongUsageError(
            f"cannot write {shown_path(options.output)}: {error.strerror}"
        ) from error


@dataclass(frozen=True)
class _Session:
    """What all runs of the command have in common.

    Attributes:
        options: what the command line asks for.
        images: the data set.
        strategy: where to train.
        traces: makes the callbacks that trace; None without --profile.
        notes: for each run.
    """

    options: StudyOptions
    images: Dataset
    strategy: tf.distribute.Strategy
    traces: Traces | None
    notes: list[str] = field(default_factory=list)

    def run_all(self, candidates: Sequence[Candidate]) -> int:
        """Train every model from every seed and return the exit status."""
        # Seeds are the outer loop, so that a stopped study has the same seeds of each model.
        runs = [(each, seed) for seed in range(self.options.seeds) for each in candidates]
        finished = 0
        for number, (each, seed) in enumerate(runs, start=1):
            print(f"Run {number} of {len(runs)}: {each.name}, seed {seed}", flush=True)
            try:
                run = self._train(each, seed)
            except BrokenPipeError:
                raise
            except (ValueError, OSError, tf.errors.ResourceExhaustedError) as error:
                # What is wrong with one run does not stop the others.
                print(f"{each.name}, seed {seed}: failed: {error}", file=sys.stderr)
                continue
            epochs = units.counted(run.epochs, "epoch")
            accuracy = run.metric("val_accuracy")[-1]
            print(f"  {run.state} after {epochs}, test accuracy {accuracy:.4f}")
            finished += run.state == "finished"
        output = self.options.output
        report = shlex.join(["python", "-m", "reports", str(output)])
        print(f"Results: {shown_path(output)}\nReport:  {report}")
        if self.traces:
            print(self.traces.summary())
        return 0 if finished == len(runs) else 1

    def _train(self, model: Candidate, seed: int) -> TrainingRun:
        output = self.options.output
        tracers = self.traces.callbacks(model, seed) if self.traces else []
        return training.train(
            model,
            seed,
            data=self.images,
            settings=self.options.settings,
            store=Store(output / model.name / f"seed-{seed}"),
            strategy=self.strategy,
            callbacks=[training.tensorboard(_curves(output), model, seed), *tracers],
            verbose=1 if sys.stdout.isatty() else 2,
            notes=[*self.notes, TRACED] if tracers else self.notes,
        )
