"""The options that split a run over several processes, and what they mean for each of them."""

import argparse
import os
from pathlib import Path

import pytest

from bench.session import child, shards
from bench.session.numbers import at_least_one

# Options of the front alone, and what they are where they were not given. A child process leaves
# them out: the parent saves, compares and draws the rounds of all processes.
OF_THE_FRONT: dict[str, object] = {
    "benchmark_autosave": None,
    "benchmark_compare": [],
    "benchmark_compare_fail": None,
    "benchmark_csv": [],
    "benchmark_histogram": [],
    "benchmark_save": None,
    "xmlpath": None,
}


def add(group: pytest.OptionGroup) -> None:
    """Add the options.

    Args:
        group: the options of the sweeps.
    """
    group.addoption(
        "--processes",
        type=at_least_one,
        default=1,
        metavar="N",
        help="run the plan in N new processes, one after the other, each with 1/N of "
        "--benchmark-max-time; from three on, intervals cover what differs between processes, "
        "such as addresses in memory. Default: %(default)s",
    )
    # What a run gives to the processes that it starts.
    group.addoption("--process", type=shards.shard, help=argparse.SUPPRESS)
    group.addoption("--lifeline", type=int, help=argparse.SUPPRESS)


def complete(option: argparse.Namespace) -> None:
    """Set the options of one of several processes.

    Args:
        option: all options of pytest; changed in place.

    Raises:
        pytest.UsageError: if this system cannot run several processes.
    """
    if option.processes > 1 and os.name != "posix":
        raise pytest.UsageError("--processes: expected a system with POSIX signals")
    if not is_child(option):
        return
    for name, value in OF_THE_FRONT.items():
        if hasattr(option, name):
            setattr(option, name, value)
    option.benchmark_max_time = str(float(option.benchmark_max_time) / option.processes)
    option.benchmark_quiet = True
    option.no_header = True
    child.end_with_parent(option.lifeline)


def is_child(option: argparse.Namespace) -> bool:
    """Return whether this run is one of several processes, started by another.

    Args:
        option: all options of pytest.
    """
    return option.process is not None


def is_parent(option: argparse.Namespace) -> bool:
    """Return whether this run measures nothing itself, but starts processes that do.

    Args:
        option: all options of pytest.
    """
    return option.processes > 1 and not is_child(option)


def number(option: argparse.Namespace) -> int:
    """Return the number of this process, from 1.

    Args:
        option: all options of pytest.
    """
    return option.process[0] if is_child(option) else 1


def later(option: argparse.Namespace) -> int:
    """Return how many processes come after this one.

    Args:
        option: all options of pytest.
    """
    return option.processes - number(option) if is_child(option) else 0


def results_file(path: Path, option: argparse.Namespace) -> Path:
    """Return the path next to which this process writes its journal.

    Args:
        path: the results file of the whole run.
        option: all options of pytest.
    """
    return of_process(path, number(option)) if is_child(option) else path


def of_process(path: Path, number: int) -> Path:
    """Return the path next to which one of several processes writes its journal.

    Args:
        path: the results file of the whole run.
        number: that of the process, from 1.

    Example:
        >>> of_process(Path("results/bench.json"), 2).name
        'bench.json.process-2'
    """
    return path.with_name(f"{path.name}.process-{number}")
