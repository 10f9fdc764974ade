"""Acceptance tests: they take longer than minutes and run only when their folder is named.

tox run -e acceptance                              # all of them, on an idle machine
tox run -e acceptance -- -k kills --kills 5
pytest tests/acceptance/test_large.py --file results/bench.json
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_addoption(parser):
    group = parser.getgroup("acceptance tests")
    group.addoption(
        "--seed", type=int, default=0, help="of random cases and moments (default: %(default)s)"
    )
    group.addoption(
        "--cases",
        type=_at_least(1),
        default=200,
        metavar="N",
        help="counters: random cases (default: %(default)s)",
    )
    group.addoption(
        "--kills",
        type=_at_least(1),
        default=20,
        metavar="N",
        help="kills: how many (default: %(default)s)",
    )
    group.addoption(
        "--swept",
        default="",
        metavar="EXPRESSION",
        help="kills: only this part of the sweep, as for -k (default: all of it)",
    )
    group.addoption(
        "--sweeps",
        type=_at_least(2),
        default=7,
        metavar="N",
        help="gates: sweeps to compare in pairs (default: %(default)s)",
    )
    group.addoption(
        "--busy", action="store_true", help="gates: sweep while another process computes"
    )
    group.addoption(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="gates: keep the sweeps there, and compare those kept before",
    )
    group.addoption(
        "--repeats",
        type=_at_least(1),
        default=3,
        metavar="N",
        help="verdicts: measurements of equal operators (default: %(default)s)",
    )
    group.addoption(
        "--file",
        type=Path,
        default=Path("results/bench.json"),
        help="large: the results to repeat (default: %(default)s)",
    )
    group.addoption(
        "--records",
        type=_at_least(1),
        default=10_000,
        metavar="N",
        help="large: records of the report (default: %(default)s)",
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
