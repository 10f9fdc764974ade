"""Command line: `python -m bench.profiling`."""

import bench.startup  # noqa: F401, I001 - first of those that import TensorFlow

import shlex
import sys
from time import perf_counter
from collections.abc import Sequence
from pathlib import Path

import keras

from bench.environment import fixed
from bench.measure.warmup import warm_up
from bench.profiling import tensorboard
from bench.profiling.options import TraceOptions, parse
from bench.profiling.record import record
from bench.profiling.runs import fresh_run
from bench.profiling.subjects import Subject
from bench.profiling.tracing import trace
from reports.profiling.record import TraceNumbers
from reports.sources import terminal
from reports.text import units


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    options = parse(arguments)
    try:
        tensorboard.require_plugin()
    except tensorboard.MissingPluginError as error:
        print(error, file=sys.stderr)
        return 1
    failures = _trace_all(options)
    print(f"\nOpen in TensorBoard: {shlex.join(tensorboard.command(options.results))}")
    if options.serve and failures < len(options.subjects):
        failures += tensorboard.serve(options.results) != 0
    return 1 if failures else 0


def _trace_all(options: TraceOptions) -> int:
    """Trace each subject and return how many failed."""
    failures = 0
    for number, subject in enumerate(options.subjects, start=1):
        print(f"[{number}/{len(options.subjects)}] {subject.name}", end="", flush=True)
        try:
            print(_trace(subject, options.results, options.steps))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever fails, the others are traced
            failures += 1
            print(": not traced")
            print(f"{subject.name}: {type(error).__name__}: {error}", file=sys.stderr)
    return failures


@fixed()
def _trace(subject: Subject, results: Path, steps: int) -> str:
    keras.utils.clear_session()  # frees the last subject, and numbers names from the start again
    step = subject.build()
    warm_up(step, perf_counter)  # also shows whether it runs at all, before it has a folder
    run = fresh_run(results, subject.name)
    trace(step, run, steps)
    renamed = "" if run.name == subject.name else f" -> {run.name}"
    return f"{renamed}: {_in_words(record(run, subject.description))}"


def _in_words(numbers: TraceNumbers) -> str:
    parts = sorted(numbers.part_seconds.items(), key=lambda item: -item[1])
    shares = ", ".join(f"{part} {seconds / numbers.seconds:.0%}" for part, seconds in parts[:3])
    steps = units.counted(len(numbers.step_seconds), "step")
    return f"{steps}, {1e3 * numbers.seconds:.3g} ms per step; {shares}"


if __name__ == "__main__":
    sys.exit(terminal.run(main))
