"""How pytest and pytest-benchmark run the sweeps."""

import os
from datetime import datetime
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported

import pytest

from bench.cases import SWEEP_SIZES
from bench.machine import describe
from bench.measurement import measure as measure_case
from bench.operators import OPERATORS, baseline, pairs
from bench.records import FORMAT, Record

RESULTS = Path("results", "bench.json")
# Seconds for the rounds of one benchmark, so that a whole sweep keeps to its time.
MAX_TIME = {"quick": "0.1", "default": "0.5", "full": "3"}
# Fewer give no interval that deserves the name.
MIN_ROUNDS = {"quick": 6, "default": 8, "full": 30}

UNMEASURED = pytest.StashKey[list[Record]]()
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


@pytest.hookimpl(tryfirst=True)  # before pytest-benchmark reads its options
def pytest_configure(config):
    config.stash[UNMEASURED] = []
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
    benchmark.group = f"{sweep.name} {getattr(case, sweep.axis)} {case.direction}"

    def run():
        try:
            measure_case(
                benchmark,
                record,
                operator,
                case,
                baseline(_competitors(request.module), case, sweep.axis),
                float(option.benchmark_max_time),
                option.benchmark_min_rounds,
            )
        except Exception as error:
            record.notes.append(f"not measured: {type(error).__name__}: {error}")
            request.config.stash[UNMEASURED].append(record)
            raise
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
    machine_info.update(describe())
    # Differs from one moment to the next, so that no two runs would seem of one machine.
    machine_info.get("cpu", {}).pop("hz_actual", None)
    machine_info.get("cpu", {}).pop("hz_actual_friendly", None)


def pytest_benchmark_update_json(config, benchmarks, output_json):
    output_json["suite"] = {"format": FORMAT, "sweep_size": config.option.sweep_size}
    output_json["unmeasured"] = [record.as_dict() for record in config.stash[UNMEASURED]]


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before pytest-benchmark writes the new results
def pytest_sessionfinish(session):
    config = session.config
    path = config.option.benchmark_json
    has_results = bool(config._benchmarksession.benchmarks)
    if config.stash[IS_DEFAULT_FILE] and has_results and path and path.exists():
        made = datetime.fromtimestamp(path.stat().st_mtime)
        path.rename(path.with_stem(f"{path.stem}-{made:%Y%m%d-%H%M%S}"))
    return (yield)


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
