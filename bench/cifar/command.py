"""What `python -m bench.cifar` does once its options are known."""

import os
import platform
import shlex
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import tensorflow as tf

from bench.cifar import data, here, study, training
from bench.cifar.checks import DataError
from bench.cifar.data import Dataset
from bench.cifar.models import candidate
from bench.cifar.options import StudyOptions
from bench.cifar.runs import PlannedRun, curves, planned
from bench.cifar.traces import Traces
from bench.cluster.errors import ClusterError, ClusterUsageError
from bench.profiling import tensorboard
from bench.session.machine import machine_info
from reports.cifar.record import MARKER, StudyRecord
from reports.profiling.record import MARKER as TRACES
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError, check_writable


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
    runs = planned(candidates, options.seeds, options.output)
    train = _here if options.address is None else _on_cluster
    return train(options, runs, images, before)


def _here(
    options: StudyOptions,
    runs: Sequence[PlannedRun],
    images: Dataset,
    before: StudyRecord | None,
) -> int:
    """Train in this process, and return the exit status."""
    tf.config.experimental.enable_op_determinism()
    try:
        strategy = training.choose_strategy(options.devices)
    except (ValueError, RuntimeError) as error:
        raise WrongUsageError(f"cannot train on these devices: {error}") from error
    replicas = strategy.num_replicas_in_sync
    notes = _begin(options, images, before, replicas=replicas, machine=machine_info())
    traces = Traces(options.output, options.settings.batch) if options.profile else None
    finished = here.train_all(
        runs,
        settings=options.settings,
        images=images,
        strategy=strategy,
        traces=traces,
        notes=notes,
    )
    status = _conclude(options, finished, len(runs))
    if traces:
        print(traces.summary())
    return status


def _on_cluster(
    options: StudyOptions,
    runs: Sequence[PlannedRun],
    images: Dataset,
    before: StudyRecord | None,
) -> int:
    """Train on the nodes of a cluster, and return the exit status."""
    if os.name != "posix":  # as for `bench.cluster`
        raise WrongUsageError(f"--address: expected Linux or macOS. Received: {platform.system()}")
    if find_spec("ray") is None:
        raise WrongUsageError(
            "--address: expected Ray: pip install -e . --group cluster. Received: no such package"
        )
    from bench.cifar import remote  # noqa: PLC0415 - it needs Ray

    def begin(machine: Mapping[str, Any]) -> Mapping[str, Any]:
        _begin(options, images, before, replicas=1, machine=machine)
        return before.machine_info if before else machine

    try:
        finished = remote.train_all(runs, options=options, images=images, begin=begin)
    except ClusterUsageError as error:
        raise WrongUsageError(str(error)) from error
    except (ClusterError, OSError, UnwritableError) as error:
        print(f"Stopped: {error}. The same command resumes it.", file=sys.stderr)
        return 1
    return _conclude(options, finished, len(runs))


def _written(options: StudyOptions) -> list[Path]:
    """Name a file of each folder that a study writes."""
    output = options.output
    traces = [output.parent / "profile" / TRACES] if options.profile else []
    return [output / MARKER, curves(output) / MARKER, *traces]


def _begin(
    options: StudyOptions,
    images: Dataset,
    before: StudyRecord | None,
    *,
    replicas: int,
    machine: Mapping[str, Any],
) -> list[str]:
    """Begin or resume the study on disk, and return notes for its runs."""
    try:
        return study.begin(
            options.output,
            models=options.models,
            seeds=options.seeds,
            settings=options.settings,
            data=images,
            replicas=replicas,
            machine=machine,
            before=before,
        )
    except (study.StudyError, UnwritableError) as error:
        raise WrongUsageError(str(error)) from error
    except OSError as error:
        raise WrongUsageError(
            f"cannot write {shown_path(options.output)}: {error.strerror}"
        ) from error


def _conclude(options: StudyOptions, finished: int, total: int) -> int:
    """Say where the results are, and return the exit status."""
    output = options.output
    report = shlex.join(["python", "-m", "reports", output.as_posix()])
    print(f"Results: {shown_path(output)}\nReport:  {report}")
    return 0 if finished == total else 1
