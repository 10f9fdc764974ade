"""How pytest and pytest-benchmark run the sweeps."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported

import pytest

from bench.measure.measurement import measure as measure_case
from bench.operators import OPERATORS, baseline
from bench.session import machine, options, shards
from bench.session.keeper import RECORD, Keeper
from bench.session.record import Record
from bench.session.terminal import in_words, summarise
from bench.sweeps import pairs

KEEPER = pytest.StashKey[Keeper | None]()
CONDITIONS = pytest.StashKey[dict[str, float]]()


def pytest_addoption(parser):
    options.add(parser)


@pytest.hookimpl(tryfirst=True)  # before pytest-benchmark reads its options
def pytest_configure(config):
    config.stash[KEEPER] = None
    options.complete(config)


@pytest.hookimpl(trylast=True)  # after -k has chosen
def pytest_collection_modifyitems(config, items):
    if config.option.shard:
        taken = shards.chosen([_part(item) for item in items], *config.option.shard)
        config.hook.pytest_deselected(
            items=[item for item, is_taken in zip(items, taken, strict=True) if not is_taken]
        )
        items[:] = [item for item, is_taken in zip(items, taken, strict=True) if is_taken]
    limit = options.timeout(config)
    for item in items:
        # What pytest does around the case, such as keeping it, is not cut short.
        item.add_marker(pytest.mark.timeout(limit, func_only=True))
    path = config.option.benchmark_json
    if path is None or config.option.collectonly or config.option.benchmark_disable:
        return
    keeper = Keeper(config, path, config.option.resume, config.stash[options.IS_DEFAULT_FILE])
    config.stash[KEEPER] = keeper
    config.pluginmanager.register(keeper, "keeper")
    commit = config.hook.pytest_benchmark_generate_commit_info(config=config)
    header = {
        "suite": options.suite(config),
        "machine": config._benchmarksession.get_machine_info(),
        "commit": commit.get("id"),
    }
    keeper.plan(items, header)
    config.stash[CONDITIONS] = machine.conditions()


def _part(item):
    """What stays together in a shard: both directions, so that all shards have both."""
    case = item.callspec.params.get("case") if hasattr(item, "callspec") else None
    sweep = getattr(item.module, "SWEEP", None)
    if sweep is None or not hasattr(case, sweep.axis):
        return item.nodeid
    return sweep.name, getattr(case, sweep.axis)


def pytest_generate_tests(metafunc):
    sweep = metafunc.module.SWEEP
    sweep_size = metafunc.config.option.sweep_size
    plan = pairs(sweep, sweep_size, _competitors(metafunc.module))
    if not plan:
        reason = f"not part of a {sweep_size} sweep"
        skipped = pytest.param(None, None, marks=pytest.mark.skip(reason=reason), id="none")
        metafunc.parametrize(("operator", "case"), [skipped])
        return
    metafunc.parametrize(
        ("operator", "case"),
        plan,
        ids=[f"{operator}-{case.direction}-{getattr(case, sweep.axis)}" for operator, case in plan],
    )


def _competitors(module):
    """Those of the module, where it has its own."""
    return getattr(module, "OPERATORS", OPERATORS)


@pytest.fixture
def measure(request, benchmark, operator, case, record_property):
    """Return a function that measures the operator on the case and leaves a record."""
    sweep = request.module.SWEEP
    record = Record.begin(sweep.name, sweep.axis, operator, case)
    request.node.stash[RECORD] = record
    benchmark.group = f"{sweep.name} {getattr(case, sweep.axis)} {case.direction}"

    def run():
        measure_case(
            benchmark,
            record,
            operator,
            case,
            baseline(_competitors(request.module), case),
            options.limits(request.config),
        )
        benchmark.extra_info.update(record.as_dict())
        if benchmark.stats and record.baseline_seconds:
            seconds = benchmark.stats.stats.data
            record_property("measured", in_words(seconds, record.baseline_seconds))

    return run


def pytest_report_teststatus(report, config):
    measured = dict(report.user_properties).get("measured") if report.when == "call" else None
    if measured and report.passed:
        return "passed", ".", (measured, {"green": True})
    return None


def pytest_benchmark_update_machine_info(config, machine_info):
    machine.complete(machine_info)


def pytest_benchmark_update_json(config, benchmarks, output_json):
    keeper = config.stash[KEEPER]
    output_json["suite"] = options.suite(config)
    output_json["conditions"] = config.stash.get(CONDITIONS, {})
    output_json["unmeasured"] = []
    if keeper:
        keeper.complete(output_json)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    path = config.option.benchmark_json
    if path and config._benchmarksession.benchmarks and path.exists():
        summarise(terminalreporter, config, path)
