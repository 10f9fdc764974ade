"""Command line: `python -m bench.profiling`."""

import os

# Before TensorFlow is imported. One more than elsewhere: at each trace xprof reports as an error
# that its newer converter does not know a tool.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import keras

from bench.cases import Case
from bench.measure.rounds import warm_up
from bench.operators import ALL_OPERATORS
from bench.profiling import tensorboard
from bench.profiling.numbers import Numbers, mean_step
from bench.profiling.record import record
from bench.profiling.runs import RESULTS, fresh_run
from bench.profiling.subjects import (
    MODELS,
    Subject,
    default_operators,
    model_subject,
    operator_subjects,
    parse_case,
)
from bench.profiling.tracing import trace
from involution.geometry import positive

DESCRIPTION = """\
Trace operators or models for TensorBoard: where the time of a step goes.

Without options: each operator of the sweeps on their base case, forward and training. A
trace is a run of TensorBoard under the results folder; its numbers (step time, time per
part and per operation, peak memory) lie beside it as JSON, from which
`python -m reports` makes a section. Nothing is timed while it is traced, and no run is
ever overwritten."""

EPILOGUE = """\
exit status: 0 if all was traced; 1 if something was not, with the reason on standard
error; 2 for wrong usage.

examples:
  python -m bench.profiling --serve
  python -m bench.profiling --case kernel_size=7,height=56,width=56 --operator involution-fused
  python -m bench.profiling --model rednet50 --model resnet50 --batch 4 --steps 3"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: as in `sys.argv[1:]`, which is the default.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        subjects = _subjects(options)
        positive(options.steps, "steps")
        options.results.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    try:
        tensorboard.require_plugin()
    except tensorboard.MissingPluginError as error:
        print(error, file=sys.stderr)
        return 1
    failures = 0
    for number, subject in enumerate(subjects, start=1):
        print(f"[{number}/{len(subjects)}] {subject.name}", end=" ", flush=True)
        try:
            print(_trace(subject, options.results, options.steps))
        except Exception as error:
            failures += 1
            print("not traced")
            print(f"{subject.name}: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"\nOpen in TensorBoard: {shlex.join(tensorboard.command(options.results))}")
    if options.serve and failures < len(subjects):
        failures += tensorboard.serve(options.results) != 0
    return 1 if failures else 0


def _trace(subject: Subject, results: Path, steps: int) -> str:
    keras.utils.clear_session()  # frees the last subject, and numbers names from the start again
    step = subject.build()
    warm_up(step)  # also shows whether it runs at all, before it has a folder
    run = fresh_run(results, subject.name)
    trace(step, run, steps)
    return f"-> {run.name}: {_in_words(record(run, subject.description))}"


def _in_words(numbers: Numbers) -> str:
    step = mean_step(numbers)
    parts = sorted(numbers.part_seconds.items(), key=lambda item: -item[1])
    shares = ", ".join(f"{part} {seconds / step:.0%}" for part, seconds in parts[:3])
    return f"{1e3 * step:.3g} ms a step; {shares}"


def _subjects(options: argparse.Namespace) -> list[Subject]:
    if options.model and (options.case or options.operator):
        raise ValueError("--model traces whole models: it takes no --case and no --operator")
    if options.batch is not None and not options.model:
        raise ValueError("--batch is for --model; with operators use --case batch=N")
    if options.model:
        if options.batch is not None:
            positive(options.batch, "batch")
        return [model_subject(name, options.batch) for name in dict.fromkeys(options.model)]
    by_name = {repr(operator): operator for operator in ALL_OPERATORS}
    chosen = [by_name[name] for name in dict.fromkeys(options.operator)] or default_operators()
    cases = [parse_case(text) for text in options.case] or [(Case(), ("forward", "training"))]
    return [
        subject
        for case, directions in cases
        for subject in operator_subjects(case, directions, chosen)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.profiling",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--case",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="a case for the operators: sizes that differ from the base case (batch, height, "
        "width, channels, kernel_size, strides, groups, dtype), and direction for one of the "
        "two alone; may be given several times",
    )
    add(
        "--operator",
        action="append",
        default=[],
        choices=[repr(operator) for operator in ALL_OPERATORS],
        help="an operator to trace, several times for several (default: those of the sweeps)",
    )
    add(
        "--model",
        action="append",
        default=[],
        choices=list(MODELS),
        metavar="NAME",
        help="trace the whole training step of a model in place of operators; several times "
        f"for several: {', '.join(MODELS)}",
    )
    add("--batch", type=int, metavar="N", help="images a step of a model (default: its own)")
    add(
        "--steps",
        type=int,
        default=10,
        metavar="N",
        help="steps to trace, beside one at either end that TensorBoard leaves out "
        "(default: %(default)s)",
    )
    add(
        "--results",
        type=Path,
        default=RESULTS,
        metavar="FOLDER",
        help="the folder of all runs (default: %(default)s)",
    )
    add("--serve", action="store_true", help="run TensorBoard afterwards, until Ctrl+C")
    return parser


if __name__ == "__main__":
    sys.exit(main())
