"""The options of `python -m bench.cluster`."""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import words as behind
from bench.cluster.errors import ClusterUsageError
from bench.session import results
from bench.session.numbers import at_least_one
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError, check_writable

FOLDER = Path("results", "cluster")
NAME = "bench.json"
# Options that concern the run of one pytest. Its results file can be given to all of them later.
REFUSED = (
    *behind.RESERVED,
    *(
        "--benchmark-save",
        "--benchmark-autosave",
        "--benchmark-compare",
        "--benchmark-compare-fail",
    ),
    *(
        "--benchmark-csv",
        "--benchmark-histogram",
        "--benchmark-cprofile",
        "--junitxml",
        "--junit-xml",
    ),
    *("--pdb", "--trace", "-n", "--numprocesses"),
    # What the driver and the nodes do themselves.
    *("--shard", "--lifeline", "--serve", "--files"),
)
# A disk with less room is full soon.
ROOM = 2**20

DESCRIPTION = """\
Run the plan of `pytest bench` on the nodes of a Ray cluster; without --address on this machine.

A case with all its operators is measured at one node, which does nothing else meanwhile, in a
process of its own. What is finished is in the journal in FOLDER at once. Nodes may come and go:
what a node loses another one measures, and what fails on one is tried on another before it is
recorded with its reason. The code of this clone travels to the nodes; TensorFlow, Keras and the
packages of the group `cluster` must be there, or come with --runtime-env."""

EPILOGUE = """\
Options of `pytest bench` follow behind `--`. The results are FOLDER/bench.json; with --per hardware
one file for each kind of nodes, named after it. `python -m reports FILE` draws them.

exit status: 0 if all was measured; 1 if something could not be; 2 for wrong usage, such as an
address that does not answer; 130 if it was interrupted.

examples:
  python -m bench.cluster -- --sweep-size quick
  python -m bench.cluster --address 10.0.0.1:6379 --processes 5
  python -m bench.cluster --address auto --per hardware -o results/all -- -k kernel_size
  python -m bench.cluster --address auto --resume"""


@dataclass(frozen=True)
class ClusterOptions:
    """What the command line asks for.

    Attributes:
        address: of the cluster; None for this machine.
        folder: where results and journals are; absolute.
        per_hardware: whether each kind of nodes measures the whole plan.
        only: words that a kind's name or a node's must contain, None for all.
        processes: how many processes measure each case.
        resumes: whether to go on with an interrupted run.
        runtime_env: what the nodes need besides the code, as Ray takes it.
        words: options of `pytest bench`, as the nodes get them.
        files: files that the nodes need, named in `words`.
    """

    address: str | None
    folder: Path
    per_hardware: bool
    only: str | None
    processes: int
    resumes: bool
    runtime_env: Mapping[str, Any]
    words: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


def options_of(given: argparse.Namespace, words: Sequence[str], root: Path) -> ClusterOptions:
    """Check options, and complete those that were not given.

    Args:
        given: parsed by `parser`.
        words: options of `pytest bench`.
        root: the top folder of this tree.

    Returns:
        What is asked for.

    Raises:
        ClusterUsageError: if it cannot be done.
    """
    try:
        behind.check(words, REFUSED)
    except ValueError as error:
        raise ClusterUsageError(str(error)) from error
    folder = (given.output or root / FOLDER).resolve()
    _check_room(folder)
    travelling, files = _with_files(words)
    return ClusterOptions(
        address=given.address,
        folder=folder,
        per_hardware=given.per == "hardware",
        only=given.only,
        processes=given.processes,
        resumes=given.resume,
        runtime_env=runtime_env(given.runtime_env),
        words=tuple(travelling),
        files=tuple(files),
    )


def _check_room(folder: Path) -> None:
    """Check that the results can be written, and that the disk has room for some."""
    path = folder / NAME
    try:
        check_writable(path)
        check_writable(results.journal_path(path))
        existing = next(each for each in path.parents if each.exists())
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(bytes(ROOM))
            file.flush()
    except UnwritableError as error:
        raise ClusterUsageError(f"--output: cannot write {error}") from error
    except OSError as error:
        raise ClusterUsageError(
            f"--output: cannot write to {shown_path(folder)}: {error.strerror}"
        ) from error


def _with_files(words: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Return the words as the nodes get them, and the models that travel with them."""
    travelling, files = [], []
    for word in words:
        start, equals, value = word.rpartition("=")
        path = Path(value)
        if path.suffix == ".keras" and path.is_file():
            files.append(path)
            travelling.append(f"{start}{equals}{path.name}")
        else:
            travelling.append(word)
    return travelling, files


def runtime_env(path: Path | None) -> dict[str, Any]:
    """Read what the nodes need besides the code.

    Args:
        path: a JSON file of Ray's runtime_env; None for nothing.

    Raises:
        ClusterUsageError: if it cannot be read, or is of another form.
    """
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClusterUsageError(f"--runtime-env: {shown_path(path)}: {error}") from error
    if not isinstance(found, dict) or "working_dir" in found:
        raise ClusterUsageError(
            "--runtime-env: expected a JSON object of Ray's runtime_env without working_dir, which "
            f"is the code of this clone. Received: {shown_path(path)}"
        )
    return found


def parser() -> argparse.ArgumentParser:
    """Return the parser of what is before `--`."""
    made = argparse.ArgumentParser(
        prog="python -m bench.cluster",
        usage="%(prog)s [options] [-- options of pytest bench]",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--address",
        metavar="ADDRESS",
        help="HOST:PORT of the cluster's head node, or auto for a cluster that runs on this "
        "machine (default: start one of this machine alone)",
    )
    made.add_argument(
        *("-o", "--output"),
        type=Path,
        metavar="FOLDER",
        help=f"where results and journals are (default: {FOLDER}); an older results file is kept "
        "under its date",
    )
    made.add_argument(
        "--per",
        choices=("hardware",),
        help="measure the whole plan on each kind of nodes, and write a file for each (default: "
        "spread one plan over nodes of one kind)",
    )
    made.add_argument(
        "--only",
        metavar="WORDS",
        help='only nodes whose hardware or name contains these words, such as "H100"',
    )
    made.add_argument(
        "--processes",
        type=at_least_one,
        default=1,
        metavar="N",
        help="measure each case in N processes, on different nodes where there are several; from "
        "three on, intervals cover what differs between them (default: %(default)s)",
    )
    made.add_argument(
        "--resume", action="store_true", help="go on with an interrupted run of the same options"
    )
    made.add_argument(
        "--runtime-env",
        type=Path,
        metavar="FILE",
        help="a JSON file of Ray's runtime_env for the nodes, such as "
        '{"pip": ["tensorflow==2.20.0"]}',
    )
    return made
