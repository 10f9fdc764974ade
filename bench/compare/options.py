"""The options of `python -m bench.compare`."""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import words as behind
from bench.compare.errors import ComparisonUsageError
from bench.compare.turns import LEAST_PAIRS
from bench.session.numbers import at_least_one, percent
from reports.sources.writing import UnwritableError, check_writable

RESULTS = Path("results")
# Enough for an interval that covers what differs between processes.
PROCESSES = 5
THRESHOLD = "5%"
# Of each operator in each process, unless the user says otherwise. `pytest bench` ends the rounds
# of an operator when its verdict against the baseline is decided, often after 8; a change between
# two revisions may be far smaller than the distance to the baseline. Starting a process and
# compiling take as long as 50 rounds of quick cases, so that fewer would be no bargain.
ROUNDS = "--benchmark-min-rounds=32"

DESCRIPTION = """\
Measure this tree and another git revision in new processes that alternate, and say what changed.

Each process is a run of `pytest bench --benchmark-only` by the side's own code. Two of them, one
of either side, are at work at once: one waits while the other runs a round of its cases. Both so
meet the same states of the machine, and what differs from process to process (addresses in
memory, chosen primitives) is averaged and part of the intervals. A revision that knows nothing of
turns measures to its end while the other waits; in every other pair it is the first. REV is
checked out into a temporary worktree, which is removed at the end; its native kernels are built
if their sources differ. "This tree" is the code as it is, with changes
that are not committed: leave it alone until the end."""

EPILOGUE = """\
Options of `pytest bench` follow behind `--`; choose few cases with -k, since each process runs
all of them. Each operator has at least 32 rounds in each process, or --benchmark-min-rounds, if
that is among the options. The results file of each process is kept in FOLDER, joined ones in
before.json and after.json there: `python -m reports FOLDER/after.json --baseline
FOLDER/before.json` draws them; the last line says the whole command.

exit status: 0 if every record was compared and none is slower; 1 if one is slower than the
threshold allows; 3 if none is, but not all could be compared; 2 for wrong usage, such as an
unknown revision.

examples:
  python -m bench.compare main -- -k "kernel_size and involution" --sweep-size quick
  python -m bench.compare HEAD~1 --processes 10 --threshold 2% -- -k "fused or convolution"
  python -m bench.compare v1.0 --minutes 30 --python ../old/bin/python
  python -m bench.compare main --resume -- -k "kernel_size and involution" --sweep-size quick"""


@dataclass(frozen=True)
class CompareOptions:
    """What the command line asks for.

    Attributes:
        revision: the other revision, as git takes it.
        processes: of each side, at most; None for as many as fit into the time.
        minutes: for all processes; None for no limit.
        threshold: the smallest change that counts, as a share.
        folder: where each process leaves its results; absolute.
        output: the JSON file of the comparison.
        python: the interpreter for the revision.
        resumes: whether to resume an interrupted comparison.
        allows_missing: whether records of the revision that this tree lacks may pass.
        words: options of `pytest bench`, the user's last.
    """

    revision: str
    processes: int | None
    minutes: float | None
    threshold: float
    folder: Path
    output: Path
    python: Path
    resumes: bool
    allows_missing: bool
    words: tuple[str, ...] = ()


def options_of(given: argparse.Namespace, words: Sequence[str], root: Path) -> CompareOptions:
    """Check options, and complete those that were not given.

    Args:
        given: parsed by `parser`.
        words: options of `pytest bench`.
        root: the top folder of this tree.

    Returns:
        What is asked for.

    Raises:
        ComparisonUsageError: if it cannot be done.
    """
    try:
        behind.check(words)
    except ValueError as error:
        raise ComparisonUsageError(str(error)) from error
    processes: int | None = given.processes
    if processes is not None and processes < LEAST_PAIRS:
        raise ComparisonUsageError(
            f"--processes: expected at least {LEAST_PAIRS}, since one tells nothing of what "
            f"differs between processes. Received: {processes}"
        )
    if processes is None and given.minutes is None:
        processes = PROCESSES
    name = re.sub(r"[^\w.-]+", "-", given.revision).strip("-.") or "revision"
    options = CompareOptions(
        revision=given.revision,
        processes=processes,
        minutes=given.minutes,
        threshold=given.threshold / 100,
        folder=(given.folder or root / RESULTS / "compare" / name).resolve(),
        output=given.output or root / RESULTS / "compare.json",
        python=given.python,
        resumes=given.resume,
        allows_missing=given.allow_missing,
        words=(ROUNDS, *words),
    )
    try:
        check_writable(options.output)
        check_writable(options.folder / "before.json")
    except UnwritableError as error:
        raise ComparisonUsageError(f"cannot write {error}") from error
    return options


def _minutes(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected minutes above 0. Received: {word}")
    return value


def parser() -> argparse.ArgumentParser:
    """Return the parser of what is before `--`."""
    made = argparse.ArgumentParser(
        prog="python -m bench.compare",
        usage="%(prog)s REV [options] [-- options of pytest bench]",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("revision", metavar="REV", help="the revision to compare with, such as main")
    made.add_argument(
        "--processes",
        type=at_least_one,
        metavar="N",
        help=f"processes of each side, at least {LEAST_PAIRS} (default: {PROCESSES}; with "
        "--minutes as many as fit)",
    )
    made.add_argument(
        "--minutes",
        type=_minutes,
        metavar="M",
        help="begin no pair of processes that would end later than this, except the first "
        f"{LEAST_PAIRS}",
    )
    made.add_argument(
        "--threshold",
        type=percent,
        default=THRESHOLD,
        metavar="PERCENT",
        help="the smallest change that counts (default: %(default)s)",
    )
    _add_places(made)
    made.add_argument(
        "--resume",
        action="store_true",
        help="go on with an interrupted comparison of the same code and options, or add processes",
    )
    made.add_argument(
        "--allow-missing",
        action="store_true",
        help="let records of REV pass that this tree lacks or that could not be compared",
    )
    return made


def _add_places(made: argparse.ArgumentParser) -> None:
    """Add the options that say where something is."""
    made.add_argument(
        "--folder",
        type=Path,
        metavar="FOLDER",
        help="where each process leaves its results (default: results/compare/REV); an earlier "
        "comparison there is kept under its date",
    )
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FILE",
        help="the comparison as JSON (default: results/compare.json); an earlier one is kept under "
        "its date",
    )
    made.add_argument(
        "--python",
        type=Path,
        default=Path(sys.executable),
        metavar="PATH",
        help="an interpreter for REV, whose environment has what REV needs (default: this one)",
    )
