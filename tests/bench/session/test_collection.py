"""What pytest says of options for which it has no case, or that it does not take."""

import os
import subprocess
import sys

import pytest

from bench.session.collection import refusal


@pytest.fixture
def ask(tmp_path):
    """Run pytest on a folder of one benchmark, whose imports warn on standard error."""
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "test_speed.py").write_text("def test_speed(benchmark): benchmark(len)\n")
    # At the end, since pytest shows nothing of what is written while it imports.
    warning = "atexit.register(print, 'a driver is old', file=sys.__stderr__)"
    (tmp_path / "bench" / "conftest.py").write_text(f"import atexit, sys\n{warning}\n")
    # Of pytest's plugins, the one that is needed: the others take seconds to import.
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p pytest_benchmark.plugin"}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_options_with_a_case_are_taken(ask):
    assert refusal(ask, ["-k", "speed"]) is None


def test_no_case_is_told_whatever_else_is_written(ask):
    found = refusal(ask, ["-k", "nothing"])
    first, *told = found.words.splitlines()
    assert first == "has no case for these options of pytest bench: -k nothing"
    assert len(told) == 1
    assert told[0].startswith("no tests collected")
    assert found.is_of_options


def test_an_option_that_is_not_known_is_told_without_the_usage(ask):
    found = refusal(ask, ["--nonsense"])
    first, *told = found.words.splitlines()
    assert first == "does not take these options of pytest bench: --nonsense"
    assert told == ["unrecognized arguments: --nonsense"]
    assert found.is_of_options


def test_what_cannot_be_imported_is_no_fault_of_the_options(ask, tmp_path):
    (tmp_path / "bench" / "conftest.py").write_text("import nobody_has_this\n")
    found = refusal(ask, ["-k", "speed"])
    assert "nobody_has_this" in found.words
    assert not found.is_of_options
