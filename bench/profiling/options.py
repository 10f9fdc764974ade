"""The options of `python -m bench.profiling`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.cases import Case
from bench.operators import ALL_OPERATORS, FUSED, OPERATORS
from bench.parsing import parse_case
from bench.profiling.runs import RESULTS
from bench.profiling.subjects import (
    MODELS,
    Subject,
    model_subject,
    operator_subjects,
)
from involution.geometry import positive
from reports.profiling.record import MARKER
from reports.sources.case import DIRECTIONS
from reports.sources.writing import check_writable

DESCRIPTION = """\
Trace operators or models for TensorBoard: where the time of a step goes.

Without options: each operator of the sweeps on their base case, forward and training. A
trace is a run of TensorBoard under the results folder. Its numbers (step time, time per
part and per operation, peak memory) are in numbers.json in the same folder, from which
`python -m reports` makes a section. Nothing is timed while it is traced, and no run is
ever overwritten."""

EPILOGUE = """\
exit status: 0 if all was traced; 1 if something was not, with the reason on standard
error; 2 for wrong usage.

examples:
  python -m bench.profiling --serve
  python -m bench.profiling --case kernel_size=7,height=56,width=56 --operator involution-fused
  python -m bench.profiling --model rednet50 --model resnet50 --batch 4 --steps 3"""


@dataclass(frozen=True)
class TraceOptions:
    """What the command line asks for.

    Attributes:
        subjects: what to trace, in order.
        steps: how many steps TensorBoard shall count.
        results: the folder of all runs; it can be written.
        serve: whether to run TensorBoard afterwards.
    """

    subjects: list[Subject]
    steps: int
    results: Path
    serve: bool


def parse(arguments: Sequence[str] | None) -> TraceOptions:
    """Parse the command line; wrong usage ends the program with status 2.

    Args:
        arguments: as in `sys.argv[1:]`, which is used for None.
    """
    command_line = parser()
    given = command_line.parse_args(arguments)
    try:
        subjects = _subjects(given)
        steps = positive(given.steps, "steps")
        check_writable(given.results / MARKER)
    except ValueError as error:
        command_line.error(str(error))
    return TraceOptions(subjects, steps, given.results, given.serve)


def _subjects(given: argparse.Namespace) -> list[Subject]:
    if given.model and (given.case or given.operator):
        raise ValueError("--model traces whole models: it takes no --case and no --operator")
    if given.batch is not None and not given.model:
        raise ValueError("--batch is for --model; with operators use --case batch=N")
    if given.model:
        if given.batch is not None:
            positive(given.batch, "batch")
        return [model_subject(name, given.batch) for name in dict.fromkeys(given.model)]
    by_name = {repr(operator): operator for operator in ALL_OPERATORS}
    chosen = [by_name[name] for name in dict.fromkeys(given.operator)] or [
        *dict.fromkeys((*OPERATORS, FUSED))
    ]
    cases = [parse_case(text) for text in given.case] or [(Case(), DIRECTIONS)]
    return [
        subject
        for case, directions in cases
        for subject in operator_subjects(case, directions, chosen)
    ]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m bench.profiling",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_subjects(made)
    made.add_argument("--batch", type=int, metavar="N", help="images in a step of a model")
    made.add_argument(
        "--steps",
        type=int,
        default=10,
        metavar="N",
        help="steps to trace, without the two at the ends that TensorBoard leaves out "
        "(default: %(default)s)",
    )
    made.add_argument(
        "--results",
        type=Path,
        default=RESULTS,
        metavar="FOLDER",
        help="the folder of all runs (default: %(default)s)",
    )
    made.add_argument(
        "--serve", action="store_true", help="run TensorBoard afterwards, until Ctrl+C"
    )
    return made


def _add_subjects(made: argparse.ArgumentParser) -> None:
    """Add the options that say what to trace."""
    made.add_argument(
        "--case",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="a case for the operators: sizes that differ from the base case (batch, height, "
        "width, channels, kernel_size, strides, groups, dtype), and direction for one of the "
        "two alone; may be repeated",
    )
    made.add_argument(
        "--operator",
        action="append",
        default=[],
        choices=[repr(operator) for operator in ALL_OPERATORS],
        help="an operator to trace; may be repeated (default: those of every sweep)",
    )
    made.add_argument(
        "--model",
        action="append",
        default=[],
        choices=list(MODELS),
        metavar="NAME",
        help="trace the whole training step of a model instead of operators; may be "
        f"repeated: {', '.join(MODELS)}",
    )
