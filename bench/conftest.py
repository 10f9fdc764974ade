"""How pytest and pytest-benchmark run the sweeps."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported

import pytest

from bench import machine, shards
from bench.cases import SWEEP_SIZES
from bench.keeper import RECORD, Keeper
from bench.measurement import measure as measure_case
from bench.operators import OPERATORS, baseline, pairs
from bench.records import FORMAT, Record
from bench.timing import Limits

RESULTS = Path("results", "bench.json")
# Seconds for the rounds of one benchmark, so that a whole sweep keeps to its time.
MAX_TIME = {"quick": "0.1", "default": "0.5", "full": "3"}
# Fewer give no interval that deserves the name.
MIN_ROUNDS = {"quick": 6, "default": 8, "full": 30}
# Half of the width of a ratio's interval, in percent: a quarter of what is called equivalent.
PRECISION = 0.5
# Seconds after which a case is given up, tracing and compilation included.
TIMEOUT = {"quick": 60.0, "default": 120.0, "full": 600.0}

KEEPER = pytest.StashKey[Keeper | None]()
CONDITIONS = pytest.StashKey[dict[str, float]]()
IS_DEFAULT_FILE = pytest.StashKey[bool]()


def pytest_addoption(parser):
    group = parser.getgroup("involution", "involution against convolution")
    group.addoption(
        "--sweep-size",
        choices=SWEEP_SIZES,
        default="default",
        help="how many cases to measure: quick (a minute), default (a few minutes) or full "
        "(a night). Default: %(default)s",
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


def _percent(word):
    value = float(word.removesuffix("%"))
    if not 0 < value < 100:
        raise ValueError
    return value


@pytest.hookimpl(tryfirst=True)  # before pytest-benchmark reads its options
def pytest_configure(config):
    config.stash[KEEPER] = None
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


def _is_given(config, name):
    words = [*config.invocation_params.args, *config.getini("addopts")]
    words += os.environ.get("PYTEST_ADDOPTS", "").split()
    return any(str(word).split("=")[0] == name for word in words)


def _check_writable(path):
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


@pytest.hookimpl(trylast=True)  # after -k has chosen
def pytest_collection_modifyitems(config, items):
    if config.option.shard:
        taken = shards.chosen([_part(item) for item in items], *config.option.shard)
        config.hook.pytest_deselected(
            items=[item for item, is_taken in zip(items, taken, strict=True) if not is_taken]
        )
        items[:] = [item for item, is_taken in zip(items, taken, strict=True) if is_taken]
    seconds = config.option.timeout
    limit = TIMEOUT[config.option.sweep_size] if seconds is None else seconds
    for item in items:
        # What pytest does around the case, such as keeping it, is not cut short.
        item.add_marker(pytest.mark.timeout(limit, func_only=True))
    path = config.option.benchmark_json
    if path is None or config.option.collectonly or config.option.benchmark_disable:
        return
    keeper = Keeper(config, path, config.option.resume, config.stash[IS_DEFAULT_FILE])
    config.stash[KEEPER] = keeper
    config.pluginmanager.register(keeper, "keeper")
    commit = config.hook.pytest_benchmark_generate_commit_info(config=config)
    header = {
        "suite": _suite(config),
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


def _suite(config):
    """What two runs must have in common for their records to be of one kind."""
    option = config.option
    settings = {
        "format": FORMAT,
        "sweep_size": option.sweep_size,
        "precision": option.precision / 100,
        "max_time": float(option.benchmark_max_time),
        "min_rounds": option.benchmark_min_rounds,
    }
    if option.shard:
        settings["shard"] = "{}/{}".format(*option.shard)
    return settings


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
    option = request.config.option
    record = Record.begin(sweep.name, sweep.axis, operator, case)
    request.node.stash[RECORD] = record
    benchmark.group = f"{sweep.name} {getattr(case, sweep.axis)} {case.direction}"

    def run():
        measure_case(
            benchmark,
            record,
            operator,
            case,
            baseline(_competitors(request.module), case, sweep.axis),
            Limits(
                option.precision / 100,
                float(option.benchmark_max_time),
                option.benchmark_min_rounds,
            ),
        )
        benchmark.extra_info.update(record.as_dict())
        if benchmark.stats:
            record_property("measured", _in_words(benchmark.stats.stats.data, record))

    return run


def _in_words(seconds, record):
    ratios = sorted(a / b for a, b in zip(seconds, record.baseline_seconds, strict=True))
    milliseconds = 1e3 * sorted(seconds)[len(seconds) // 2]
    return f"{milliseconds:.3g} ms, {ratios[len(ratios) // 2]:.3g}x convolution"


def pytest_report_teststatus(report, config):
    measured = dict(report.user_properties).get("measured") if report.when == "call" else None
    if measured and report.passed:
        return "passed", ".", (measured, {"green": True})
    return None


def pytest_benchmark_update_machine_info(config, machine_info):
    machine.complete(machine_info)


def pytest_benchmark_update_json(config, benchmarks, output_json):
    keeper = config.stash[KEEPER]
    output_json["suite"] = _suite(config)
    output_json["conditions"] = config.stash.get(CONDITIONS, {})
    output_json["unmeasured"] = []
    if keeper:
        keeper.complete(output_json)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    path = config.option.benchmark_json
    if not path or not config._benchmarksession.benchmarks or not path.exists():
        return
    from reports.load import load
    from reports.tables import closing_summary

    terminalreporter.section("involution against convolution")
    terminalreporter.write_line(closing_summary(load([path]).records))
    terminalreporter.write_line(f"Results: {_short(path, config)}")
    files = "" if config.stash[IS_DEFAULT_FILE] else f" {_short(path, config)}"
    terminalreporter.write_line(f"Report:  python -m reports{files}")


def _short(path, config):
    try:
        return path.relative_to(config.invocation_params.dir)
    except ValueError:
        return path
