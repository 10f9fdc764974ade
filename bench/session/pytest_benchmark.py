"""pytest-benchmark, the front: its hooks, and what of it has no public interface."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

import pytest
from pytest_benchmark import __version__
from pytest_benchmark.fixture import BenchmarkFixture
from pytest_benchmark.session import BenchmarkSession

from bench.measure.rounds import Timer
from bench.session.journal import checked_entry


def timer(config: pytest.Config) -> Timer:
    """Return what --benchmark-timer names."""
    chosen: Timer = _session(config).options["timer"].target
    return chosen


def hand_over(
    fixture: BenchmarkFixture, seconds: Sequence[float], call: Callable[[], object]
) -> None:
    """Give pytest-benchmark the rounds of a benchmark, which were timed elsewhere.

    Its tables, comparisons and saved files then have them as if it had timed them itself: it times
    empty calls with a clock that replays the rounds.

    Args:
        fixture: of the benchmark.
        seconds: the rounds; none for a single call, where benchmarks are disabled.
        call: runs the operator once; --benchmark-cprofile profiles it.

    Raises:
        pytest.UsageError: if this version of pytest-benchmark works in another way.
    """
    if not seconds:
        fixture.pedantic(call)
        return
    readings = (reading for each in seconds for reading in (0.0, each))
    calls = chain([_nothing] * len(seconds), repeat(call))

    def next_call() -> None:
        next(calls)()

    is_known = hasattr(fixture, "_timer")
    fixture._timer = lambda: next(readings)  # noqa: SLF001 - it has no public name
    try:
        fixture.pedantic(next_call, rounds=len(seconds))
        is_handed_over = is_known and fixture.stats.stats.data == list(seconds)
    except (AttributeError, StopIteration, TypeError):
        is_handed_over = False
    if not is_handed_over:
        raise _unsupported("it cannot take over rounds that were timed elsewhere")


def _nothing() -> None:
    """Run nothing, where the clock replays a round."""


def machine_info(config: pytest.Config) -> dict[str, Any]:
    """Return what pytest-benchmark and all plugins say about the machine."""
    info: dict[str, Any] = config.hook.pytest_benchmark_generate_machine_info(config=config)
    config.hook.pytest_benchmark_update_machine_info(config=config, machine_info=info)
    return info


def commit_info(config: pytest.Config) -> dict[str, Any]:
    """Return what pytest-benchmark and all plugins say about the commit."""
    info: dict[str, Any] = config.hook.pytest_benchmark_generate_commit_info(config=config)
    config.hook.pytest_benchmark_update_commit_info(config=config, commit_info=info)
    return info


def document(
    config: pytest.Config, benchmarks: list[dict[str, Any]], machine: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the content of a results file.

    Args:
        config: pytest's configuration.
        benchmarks: entries as pytest-benchmark writes them.
        machine: the machine on which they were measured.
    """
    content: dict[str, Any] = config.hook.pytest_benchmark_generate_json(
        config=config,
        benchmarks=[],
        include_data=True,
        machine_info=dict(machine),
        commit_info=commit_info(config),
    )
    content["benchmarks"] = benchmarks
    config.hook.pytest_benchmark_update_json(config=config, benchmarks=[], output_json=content)
    return content


def as_kept(entry: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with what the journal says of it.

    Args:
        entry: of a file that is saved, with or without the rounds.
        kept: the same benchmark as it is in the journal.
    """
    stats = {key: value for key, value in kept["stats"].items() if key in entry["stats"]}
    return {**kept, "stats": stats}


def excuse(item: pytest.Item) -> None:
    """Let pytest-benchmark not warn that a test which came to no end timed nothing.

    Args:
        item: the test.
    """
    fixture = getattr(item, "funcargs", {}).get("benchmark")
    if isinstance(fixture, BenchmarkFixture):
        fixture.skipped = True


def is_enabled(config: pytest.Config) -> bool:
    """Return whether benchmarks are timed, not skipped or disabled by an option."""
    session = _session(config)
    return not (session.disabled or session.skip)


def restore(item: pytest.Item, entry: Mapping[str, Any]) -> None:
    """Give pytest-benchmark the rounds that an earlier run has timed.

    Args:
        item: the benchmark, which is not run again.
        entry: what pytest-benchmark wrote when it was run.

    Raises:
        JournalError: if the entry is damaged.
        pytest.UsageError: if this version of pytest-benchmark works in another way.
    """
    session = _session(item.config)
    rounds = checked_entry(entry)
    options = {**session.options, "cprofile": False}
    try:
        fixture = BenchmarkFixture(
            item,
            add_stats=session.benchmarks.append,
            logger=session.logger,
            warner=item.warn,
            disabled=False,
            **options,
        )
    except TypeError:
        raise _unsupported("--resume cannot make a benchmark of an earlier run") from None
    fixture.group = entry["group"]
    fixture.extra_info |= entry["extra_info"]
    hand_over(fixture, rounds, _nothing)


def _session(config: pytest.Config) -> BenchmarkSession:
    """Return pytest-benchmark's state, for which it has no public name."""
    session = getattr(config, "_benchmarksession", None)
    if session is None:
        raise _unsupported("config._benchmarksession is missing")
    return session


def _unsupported(what: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"pytest-benchmark {__version__} is not supported: {what}. "
        "Expected a version that works like 5.3"
    )
