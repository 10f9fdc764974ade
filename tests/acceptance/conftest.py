"""Acceptance tests: they take longer than minutes and run only when their folder is named.

tox run -e acceptance                              # all of them, on an idle machine
tox run -e acceptance -- -k kills --kills 5
tox run -e acceptance -- -k fuzz
pytest tests/acceptance/test_large.py --file results/bench.json
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# When a Ray cluster notices that a node is gone, without waiting for half a minute.
NOTICING = {"health_check_period_ms": 500, "health_check_failure_threshold": 4}


def pytest_addoption(parser):
    group = parser.getgroup("acceptance tests")
    _add_number(group, "--seed", 0, 0, "of random cases and moments")
    _add_number(group, "--cases", 200, 1, "counters: random cases")
    _add_number(group, "--damages", 3000, 1, "fuzz: files for a reader that takes no time")
    _add_number(group, "--shapes", 2000, 1, "shapes: random shapes")
    _add_number(group, "--kills", 20, 1, "kills, archive: how many")
    _add_number(group, "--sweeps", 7, 2, "gates: sweeps to compare in pairs")
    _add_number(group, "--plants", 20, 1, "gates: slowdowns planted of each size")
    _add_number(group, "--pairs", 10, 2, "compare: processes of each side")
    _add_number(group, "--turns", 4, 1, "neutrality: fresh processes with and without a rival")
    _add_number(group, "--repeats", 3, 1, "verdicts: processes that measure equal operators")
    _add_number(group, "--records", 10_000, 1, "large: records of the report")
    _add_number(group, "--runs", 1000, 1, "archive, history: runs that are added")
    _add_number(group, "--commits", 200, 20, "history: commits of each simulated history")
    _add_number(group, "--scatter", 3, 1, "history: standard deviation of its noise, in percent")
    _add_number(group, "--histories", 100, 1, "history: how many have a planted change")
    _add_number(group, "--thousands", 10, 1, "history: thousands of series without a change")
    group.addoption(
        "--swept",
        default="",
        metavar="EXPRESSION",
        help="kills: only this part of the sweep, as for -k (default: all of it)",
    )
    group.addoption(
        "--busy", action="store_true", help="gates: sweep while another process computes"
    )
    group.addoption(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="gates, compare: keep what is measured there, and use what was kept before",
    )
    group.addoption(
        "--file",
        type=Path,
        default=Path("results/bench.json"),
        help="large, archive, history: the results to repeat (default: %(default)s)",
    )


def _add_number(group, name, default, least, meaning):
    group.addoption(
        name,
        type=_at_least(least),
        default=default,
        metavar="N",
        help=f"{meaning} (default: %(default)s)",
    )


def _at_least(least):
    def number(string):
        if int(string) < least:
            raise ValueError(string)
        return int(string)

    return number


def pytest_ignore_collect(collection_path, config):
    """Leave these tests out of a run that does not name their folder."""
    named = [Path(config.invocation_params.dir, name.split("::")[0]) for name in config.args]
    if not any(path.resolve().is_relative_to(HERE) for path in named):
        return True
    return None


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.acceptance)


@pytest.fixture
def say(capsys, record_property):
    """A function that shows a line at once, and keeps it for a report in XML."""

    def show(line):
        record_property("line", line)
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    return show


@pytest.fixture
def option(pytestconfig):
    """A function that returns the value of an option."""
    return pytestconfig.getoption


@pytest.fixture
def cluster():
    """A Ray cluster on this machine: a head node that measures nothing, and two that do."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - other tests need no Ray

    made = Cluster(head_node_args={"num_cpus": 0, "_system_config": NOTICING})
    made.add_node(num_cpus=1)
    made.add_node(num_cpus=1)
    yield made
    made.shutdown()
