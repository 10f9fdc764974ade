"""The options of a sweep, their defaults, and what they mean for a run."""

import os
from pathlib import Path
from typing import Any, get_args

import pytest

from bench.measure import limit
from bench.measure.backend import ACCELERATED
from bench.measure.cache import Cache
from bench.measure.measurement import Plan
from bench.measure.stopping import Limits
from bench.session import own, processes, pytest_benchmark, results, shards
from bench.session.numbers import percent
from bench.session.partner import Partner, partner
from bench.sweeps import SWEEP_SIZES, SweepSize
from reports.sweeps.record import FORMAT

RESULTS = Path("results", "bench.json")
# Seconds for the rounds of one operator of a case, so that a whole sweep keeps to its time.
MAX_TIME: dict[SweepSize, str] = {"quick": "0.3", "default": "0.4", "full": "3"}
# Fewer rounds give no useful interval.
MIN_ROUNDS: dict[SweepSize, int] = {"quick": 6, "default": 6, "full": 30}
# Half the width of a ratio's interval, in percent: half of the range that is called equivalent.
PRECISION = 1.0
# Seconds after which an operator is given up, tracing, compilation and checks included.
TIMEOUT: dict[SweepSize, float] = {"quick": 60.0, "default": 120.0, "full": 600.0}

RESULTS_FILE = pytest.StashKey[Path | None]()
IS_DEFAULT_FILE = pytest.StashKey[bool]()
PARTNER = pytest.StashKey[Partner | None]()


def add(parser: pytest.Parser) -> None:
    """Add the options of a sweep to those of pytest and pytest-benchmark."""
    group = parser.getgroup("involution", "involution against convolution")
    group.addoption(
        "--sweep-size",
        choices=SWEEP_SIZES,
        default="default",
        help="how many cases to measure: quick (a minute), default (six minutes) or full (a "
        "night). Default: %(default)s",
    )
    group.addoption(
        "--precision",
        type=percent,
        default=PRECISION,
        metavar="PERCENT",
        help="end the rounds of an operator when its verdict is decided or its ratio known to +- "
        "this percentage, or when --benchmark-max-time is out; what an operator does not need of "
        "it the others of its case get. Default: %(default)s",
    )
    group.addoption(
        "--cache",
        choices=get_args(Cache),
        default="warm",
        help="what runs before each timed call: warm, the same operator, untimed; cold, a write "
        "over more memory than the caches hold. Default: %(default)s",
    )
    group.addoption(
        "--resume",
        action="store_true",
        help="resume an interrupted run of the same options: what it finished is in the journal "
        "in the folder of the results file and is not measured again",
    )
    group.addoption(
        "--shard",
        type=shards.shard,
        metavar="I/N",
        help="measure only the I-th of N parts, on one of N machines; a case's operators stay "
        "together",
    )
    own.add(group)
    processes.add(group)


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
    processes.complete(option)
    own.complete(config)
    # One line per benchmark with what it measured, instead of dots and of a table at the end that
    # is wider than any terminal. Any option about the table restores it.
    option.verbose = max(option.verbose, 1)
    if (
        not any((option.benchmark_columns, option.benchmark_compare, option.benchmark_histogram))
        and not option.benchmark_cprofile
    ):
        option.benchmark_quiet = True
    _take_results_file(config)


def _take_results_file(config: pytest.Config) -> None:
    """Keep the path of the results file from pytest-benchmark: it is written from the journal."""
    option = config.option
    path: Path | None = option.benchmark_json
    option.benchmark_json = None
    config.stash[IS_DEFAULT_FILE] = path is None
    if path is None and not option.benchmark_disable:
        path = config.rootpath / RESULTS
    if path is not None:
        path = processes.results_file(path, option)
    if path is not None and not option.collectonly:
        results.check(path)
    config.stash[RESULTS_FILE] = path


def results_file(config: pytest.Config) -> Path | None:
    """Return the path of the results file, None where nothing is to be written."""
    return config.stash[RESULTS_FILE]


def is_default_file(config: pytest.Config) -> bool:
    """Return whether the results file is the one that is used without --benchmark-json."""
    return config.stash[IS_DEFAULT_FILE]


def _is_given(config: pytest.Config, name: str) -> bool:
    words = [*config.invocation_params.args, *config.getini("addopts")]
    words += os.environ.get("PYTEST_ADDOPTS", "").split()
    return any(str(word).split("=")[0] == name for word in words)


def limits(config: pytest.Config) -> Limits:
    """Return the limits of the rounds of a benchmark."""
    option = config.option
    return Limits(
        option.precision / 100, float(option.benchmark_max_time), option.benchmark_min_rounds
    )


def wait_for_turn(config: pytest.Config) -> None:
    """Wait for the first turn, where another process measures at the same time.

    Nobody waits on a GPU, whose memory two processes would share.
    """
    config.stash[PARTNER] = None if ACCELERATED else partner()


def how(config: pytest.Config) -> Plan:
    """Return how the cases of this run are measured."""
    other = config.stash.get(PARTNER, None)
    return Plan(
        limits(config),
        pytest_benchmark.timer(config),
        config.option.cache,
        time_limit=timeout(config),
        is_timed=pytest_benchmark.is_enabled(config),
        pause=other.pause if other else None,
    )


def timeout(config: pytest.Config) -> float:
    """Return the seconds after which an operator is given up.

    Raises:
        pytest.UsageError: if the option --timeout is below zero, or this system has no timer.
    """
    seconds = config.option.timeout
    if seconds is not None and seconds < 0:
        raise pytest.UsageError(
            f"--timeout: expected a number of seconds of at least 0. Received: {seconds:g}"
        )
    if seconds and not limit.IS_POSSIBLE:
        raise pytest.UsageError("--timeout: expected a system with timer signals, unlike Windows")
    return TIMEOUT[config.option.sweep_size] if seconds is None else float(seconds)


def suite(config: pytest.Config) -> dict[str, Any]:
    """Return the settings that two runs must share for their records to be comparable."""
    run = limits(config)
    settings: dict[str, Any] = {
        "format": FORMAT,
        "sweep_size": config.option.sweep_size,
        "precision": run.precision,
        "max_time": run.max_time,
        "min_rounds": run.min_rounds,
        "cache": config.option.cache,
        "processes": config.option.processes,
    }
    settings |= own.suite(config)
    if config.option.shard:
        settings["shard"] = "{}/{}".format(*config.option.shard)
    return settings
