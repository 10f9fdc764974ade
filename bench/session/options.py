"""The options of a sweep, what they are by default, and what they mean for a run."""

import argparse
import os
from pathlib import Path
from typing import Any

import pytest

from bench.measure.rounds import Limits
from bench.session import shards
from bench.session.record import FORMAT
from bench.sweeps import SWEEP_SIZES

RESULTS = Path("results", "bench.json")
# Seconds for the rounds of one benchmark, so that a whole sweep keeps to its time.
MAX_TIME = {"quick": "0.1", "default": "0.5", "full": "3"}
# Fewer give no interval that deserves the name.
MIN_ROUNDS = {"quick": 6, "default": 8, "full": 30}
# Half of the width of a ratio's interval, in percent: half of what is called equivalent.
PRECISION = 1.0
# Seconds after which a case is given up, tracing and compilation included.
TIMEOUT = {"quick": 60.0, "default": 120.0, "full": 600.0}

IS_DEFAULT_FILE = pytest.StashKey[bool]()


def add(parser: pytest.Parser) -> None:
    """Add the options of a sweep to those of pytest and pytest-benchmark."""
    group = parser.getgroup("involution", "involution against convolution")
    group.addoption(
        "--sweep-size",
        choices=SWEEP_SIZES,
        default="default",
        help="how many cases to measure: quick (a minute), default (ten to fifteen minutes) or "
        "full (a night). Default: %(default)s",
    )
    group.addoption(
        "--precision",
        type=_percent,
        default=PRECISION,
        metavar="PERCENT",
        help="run as many rounds as it takes to know a ratio to +- this much of it, within "
        "--benchmark-max-time. Default: %(default)s",
    )
    group.addoption(
        "--resume",
        action="store_true",
        help="go on with an interrupted run of the same options: what it finished is in the "
        "journal beside the results file and is not measured again",
    )
    group.addoption(
        "--shard",
        type=shards.shard,
        metavar="I/N",
        help="measure only the I-th of N parts, on one of N machines; a case's operators stay "
        "together",
    )


def _percent(word: str) -> float:
    try:
        value = float(word.removesuffix("%"))
    except ValueError:
        value = 0.0
    if not 0 < value < 100:
        raise argparse.ArgumentTypeError(
            f"expected a percentage above 0, below 100. Received: {word}"
        )
    return value


def complete(config: pytest.Config) -> None:
    """Set the options of pytest and pytest-benchmark that were not given.

    Raises:
        pytest.UsageError: if the results file cannot be written.
    """
    option = config.option
    option.benchmark_disable_gc = True
    if not _is_given(config, "--benchmark-max-time"):
        option.benchmark_max_time = MAX_TIME[option.sweep_size]
    if not _is_given(config, "--benchmark-min-rounds"):
        option.benchmark_min_rounds = MIN_ROUNDS[option.sweep_size]
    # One line a benchmark, with what it measured, in place of dots and of a table at the end
    # that is wider than any terminal; asking for anything about the table brings it back.
    option.verbose = max(option.verbose, 1)
    if (
        not any((option.benchmark_columns, option.benchmark_compare, option.benchmark_histogram))
        and not option.benchmark_cprofile
    ):
        option.benchmark_quiet = True
    config.stash[IS_DEFAULT_FILE] = option.benchmark_json is None
    if option.benchmark_json is None and not option.benchmark_disable:
        option.benchmark_json = config.rootpath / RESULTS
    if option.benchmark_json is not None and not option.collectonly:
        _check_writable(option.benchmark_json)


def _is_given(config: pytest.Config, name: str) -> bool:
    words = [*config.invocation_params.args, *config.getini("addopts")]
    words += os.environ.get("PYTEST_ADDOPTS", "").split()
    return any(str(word).split("=")[0] == name for word in words)


def _check_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a directory")
        with path.open("ab"):
            pass
        if path.stat().st_size == 0:
            path.unlink()
    except OSError as error:
        raise pytest.UsageError(
            f"The results file must be writable before a sweep begins. Received: {error}"
        ) from error


def limits(config: pytest.Config) -> Limits:
    """Return when a benchmark has run enough rounds."""
    option = config.option
    return Limits(
        option.precision / 100, float(option.benchmark_max_time), option.benchmark_min_rounds
    )


def timeout(config: pytest.Config) -> float:
    """Return after how many seconds a case is given up."""
    seconds = config.option.timeout
    return TIMEOUT[config.option.sweep_size] if seconds is None else float(seconds)


def suite(config: pytest.Config) -> dict[str, Any]:
    """Return what two runs must have in common for their records to be of one kind."""
    run = limits(config)
    settings: dict[str, Any] = {
        "format": FORMAT,
        "sweep_size": config.option.sweep_size,
        "precision": run.precision,
        "max_time": run.max_time,
        "min_rounds": run.min_rounds,
    }
    if config.option.shard:
        settings["shard"] = "{}/{}".format(*config.option.shard)
    return settings
