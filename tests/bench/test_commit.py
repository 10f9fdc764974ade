"""The commit in results, and its absence."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.commit import commit_info

ROOT = Path(__file__).parents[2]


def test_the_commit_is_that_of_git(monkeypatch):
    monkeypatch.chdir(ROOT)
    if not (ROOT / ".git").exists():
        assert commit_info()["id"] == "unversioned"
        return
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert commit_info()["id"] == head.stdout.strip()


def test_another_pytest_benchmark_costs_the_commit_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "pytest_benchmark.utils", None)
    with pytest.warns(RuntimeWarning, match=r"expected pytest_benchmark\.utils\.get_commit_info"):
        assert commit_info() == {}
