"""pytest's hooks around a sweep: the plan, the measurement of each case, the results file."""

from collections.abc import Callable, Container, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench.fingerprint import fingerprint
from bench.session import (
    machine,
    options,
    own,
    plan,
    processes,
    pytest_benchmark,
    record,
    shards,
    terminal,
)
from bench.session.journal import JournalError
from bench.session.plan import PlannedCase
from bench.session.progress import ATTEMPTS, Progress
from bench.session.selection import deselect, take_finished
from bench.session.time_left import TimeLeft
from bench.session.whole_cases import WholeCases
from reports.sources.files import shown_path
from reports.sources.writing import UnwritableError
from reports.text import units

PROGRESS = pytest.StashKey[Progress]()
MACHINE = pytest.StashKey[Mapping[str, Any]]()
MESSAGES = pytest.StashKey[list[str]]()
KNOWN = pytest.StashKey[Mapping[str, Any]]()
FAILURE = pytest.StashKey[str]()
CASES = pytest.StashKey[WholeCases]()
LEFT_OUT = pytest.StashKey[list[str]]()
TIME_LEFT = pytest.StashKey[TimeLeft]()
SHARD = pytest.StashKey[Mapping[str, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a sweep."""
    options.add(parser)


@pytest.hookimpl(tryfirst=True)  # before pytest-benchmark reads its options
def pytest_configure(config: pytest.Config) -> None:
    """Complete the options."""
    options.complete(config)
    config.stash[MESSAGES] = []


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the sweeps where cases of the user's own are asked for, and the other way round."""
    return True if own.is_ignored(config, collection_path) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one benchmark for each operator and case."""
    contests = own.contests(metafunc.config, metafunc.module)
    plan.parametrize(metafunc, contests, metafunc.config.option.sweep_size)


@pytest.hookimpl(trylast=True)  # after -k has chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the shard, begin or resume the journal, and put together what is measured together."""
    if config.option.shard:
        whole_plan = plan.measured(items)
        taken = shards.chosen([plan.part(item) for item in items], *config.option.shard)
        deselect(items, [item for item, is_taken in zip(items, taken, strict=True) if not is_taken])
        cases = len(plan.measured(items))
        config.stash[SHARD] = shards.described(whole_plan, cases, *config.option.shard)
    options.timeout(config)  # a wrong one is refused before any work
    for item in items:
        # The first benchmark of a case measures all of them; each operator has a limit of its own.
        item.add_marker(pytest.mark.timeout(0))
    whole = _planned(items)
    _prepare(items, config)
    items[:] = plan.together(items)
    left = _planned(items)
    progress = config.stash.get(PROGRESS, None)
    set_cases(left, config, progress.begun if progress else ())
    later = processes.later(config.option)
    config.stash[TIME_LEFT] = TimeLeft(left.values(), whole.values(), later)


def _prepare(items: list[pytest.Item], config: pytest.Config) -> None:
    """Begin or resume the journal, unless nothing is to be measured."""
    path = options.results_file(config)
    if path is None or config.option.collectonly or not pytest_benchmark.is_enabled(config):
        return
    options.wait_for_turn(config)
    config.stash[LEFT_OUT] = plan.left_out(items)
    progress = Progress(path, plan.measured(items))
    config.stash[MACHINE] = pytest_benchmark.machine_info(config)
    header = {
        "suite": options.suite(config),
        "machine": config.stash[MACHINE],
        "commit": pytest_benchmark.commit_info(config).get("id"),
        "code": fingerprint(),
        "timer": str(config.option.benchmark_timer),
    }
    _begin(progress, items, header, config)
    config.stash[PROGRESS] = progress
    # On a GPU they take its memory, which the processes that measure need.
    if not processes.is_parent(config.option):
        progress.journal.conditions(machine.conditions())


def _planned(items: list[pytest.Item]) -> dict[str, PlannedCase]:
    """Return what each benchmark measures, by its id."""
    return {item.nodeid: found for item in items if (found := plan.planned(item))}


def set_cases(
    left: Mapping[str, PlannedCase], config: pytest.Config, begun: Container[str]
) -> None:
    """Plan the whole cases of all benchmarks that are left.

    Args:
        left: what they measure, by id.
        config: pytest's configuration.
        begun: names of measurements of which some operators are finished.
    """
    progress = config.stash.get(PROGRESS, None)
    config.stash[CASES] = WholeCases(
        left,
        options.how(config),
        process=processes.number(config.option),
        begun=begun,
        ended=progress.entries.attempts if progress else (),
        at_work=progress.at_work if progress else list,
    )


def _begin(
    progress: Progress, items: list[pytest.Item], header: Mapping[str, Any], config: pytest.Config
) -> None:
    """Begin the journal; or resume it, and take what is finished out of the plan."""
    try:
        if config.option.resume and progress.resume(header):
            _resume(progress, items, config)
            return
    except JournalError as error:
        raise pytest.UsageError(f"--resume: {error}. Leave out --resume to begin again") from error
    kept = progress.begin(header)
    if kept:
        config.stash[MESSAGES].append(
            f"an interrupted run was not resumed: its journal is kept as {shown_path(kept)}"
        )


def _resume(progress: Progress, items: list[pytest.Item], config: pytest.Config) -> None:
    """Take what is finished out of the plan."""
    for item in items:
        planned = plan.planned(item)
        if planned and progress.is_hopeless(item.nodeid):
            reason = f"not measured: begun {ATTEMPTS} times, never finished"
            hopeless = record.unmeasured(record.identity(planned), [reason])
            progress.journal.unmeasured(item.nodeid, hopeless)
    done = take_finished(progress, items)
    cases, verb = units.counted(progress.total, "case"), "is" if done == 1 else "are"
    where = shown_path(progress.journal.path)
    config.stash[MESSAGES].append(f"resumed: {done} of {cases} {verb} in {where}")


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Say what became of an earlier run."""
    return config.stash[MESSAGES]


@pytest.fixture
def measure(
    request: pytest.FixtureRequest,
    benchmark: BenchmarkFixture,
    planned: PlannedCase,
    record_property: Callable[[str, object], None],
) -> Callable[[], None]:
    """Return a function that measures the operator on the case and leaves a record."""
    request.node.stash[KNOWN] = record.identity(planned)
    benchmark.group = planned.group

    def run() -> None:
        # Here, so that formulas that fail leave a record with the reason, like all that fails.
        known = request.node.stash[KNOWN] = record.known(planned)
        cases = request.config.stash[CASES]
        measured = cases.outcome(planned)
        request.config.stash[TIME_LEFT].took(cases.seconds)
        if isinstance(measured, Exception):
            raise measured
        pytest_benchmark.hand_over(benchmark, measured.seconds, measured.call)
        if measured.seconds:
            named = {**known, "measurement": cases.name(planned)}
            benchmark.extra_info.update(record.measured(named, measured))
            baseline = str(planned.baseline.operator)
            words = terminal.in_words(measured.seconds, measured.baseline_seconds, baseline)
            record_property("measured", words)

    return run


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note that it was the user who ended what was at work."""
    try:
        return (yield)
    except (KeyboardInterrupt, pytest.exit.Exception):
        progress = item.config.stash.get(PROGRESS, None)
        if progress:
            progress.at_work([])
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let no warning say that a case which the user ended was not timed."""
    try:
        return (yield)
    except (KeyboardInterrupt, pytest.exit.Exception):
        pytest_benchmark.excuse(item)
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a case left behind, whether it succeeded or not."""
    report = yield
    progress = item.config.stash.get(PROGRESS, None)
    benchmark = getattr(item, "funcargs", {}).get("benchmark")
    if call.when != "call" or progress is None or benchmark is None:
        return report
    if report.passed and benchmark.stats:
        progress.journal.measured(item.nodeid, benchmark.stats.as_dict())
    elif report.failed and call.excinfo:
        benchmark.has_error = True  # no result, even if rounds were timed
        pytest_benchmark.excuse(item)
        if KNOWN in item.stash:
            lost = record.failed(item.stash[KNOWN], call.excinfo.value)
            progress.journal.unmeasured(item.nodeid, lost)
    return report


def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    """Add our own entries about the machine."""
    machine.complete(machine_info)


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Complete a file of results, ours or one that pytest-benchmark saves."""
    output_json["suite"] = options.suite(config)
    output_json["model"] = own.model(config)
    output_json["shard"] = config.stash.get(SHARD, None)
    output_json |= {"conditions": {}, "spent": {}, "unmeasured": []}
    progress = config.stash.get(PROGRESS, None)
    if progress:
        output_json |= progress.about
        kept = progress.entries.benchmarks
        benchmarks = output_json["benchmarks"]
        benchmarks.sort(key=lambda entry: progress.place(entry["fullname"]))
        output_json["benchmarks"] = [
            pytest_benchmark.as_kept(entry, kept.get(entry["fullname"], entry))
            for entry in benchmarks
        ]


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before pytest-benchmark saves files of its own
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """Write the results file from the journal; resumed and unmeasured cases decide the status."""
    progress = session.config.stash.get(PROGRESS, None)
    cases = session.config.stash.get(CASES, None)  # none if the run ended before the first
    if progress and cases and cases.spent:
        progress.journal.spent(cases.spent)
    if progress and progress.entries.finished and not processes.is_child(session.config.option):
        is_published = _publish(progress, session.config)
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK
        is_whole = is_published and not progress.entries.unmeasured
        if not is_whole and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return (yield)


def _publish(progress: Progress, config: pytest.Config) -> bool:
    """Write the results file and return whether it could be written."""
    machine_info = config.stash[MACHINE]
    document = pytest_benchmark.document(config, progress.benchmarks, machine_info)
    try:
        progress.publish(document, keeps_older=options.is_default_file(config))
    except (OSError, UnwritableError) as error:
        config.stash[FAILURE] = (
            f"The results could not be written: {error}. All finished cases are in "
            f"{shown_path(progress.journal.path)}: the same command with --resume writes them"
        )
        return False
    return True
