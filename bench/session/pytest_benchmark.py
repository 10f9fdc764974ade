"""pytest-benchmark, which times the rounds: its hooks, and what of it has no public interface."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pytest_benchmark import __version__
from pytest_benchmark.fixture import BenchmarkFixture
from pytest_benchmark.session import BenchmarkSession
from pytest_benchmark.utils import NameWrapper

from bench.measure.measurement import RoundTimer
from bench.session.journal import checked_entry


def round_timer(benchmark: BenchmarkFixture) -> RoundTimer:
    """Return a timer whose rounds are kept by pytest-benchmark, under the user's options.

    Args:
        benchmark: the fixture of the test that is timed.
    """

    def time_rounds(
        call: Callable[[], object], *, setup: Callable[[], None], rounds: int
    ) -> Sequence[float]:
        benchmark.pedantic(call, setup=setup, rounds=rounds)
        return tuple(benchmark.stats.stats.data) if benchmark.stats else ()

    return time_rounds


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

    Its tables, comparisons and saved files then have them like those of this run. Its own fixture
    times an empty call with a clock that replays the rounds.

    Args:
        item: the benchmark, which is not run again.
        entry: what pytest-benchmark wrote when it was run.

    Raises:
        JournalError: if the entry is damaged.
        pytest.UsageError: if this version of pytest-benchmark works in another way.
    """
    session = _session(item.config)
    rounds = checked_entry(entry)
    readings = (reading for seconds in rounds for reading in (0.0, seconds))
    options = {**session.options, "timer": NameWrapper(lambda: next(readings)), "cprofile": False}
    try:
        fixture = BenchmarkFixture(
            item,
            add_stats=session.benchmarks.append,
            logger=session.logger,
            warner=item.warn,
            disabled=False,
            **options,
        )
        fixture.group = entry["group"]
        fixture.extra_info |= entry["extra_info"]
        fixture.pedantic(lambda: None, rounds=len(rounds))
        is_restored = fixture.stats.stats.data == rounds
    except (AttributeError, StopIteration, TypeError):
        is_restored = False
    if not is_restored:
        raise _unsupported("--resume cannot hand over rounds of an earlier run")


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
