"""Sweeps that tests start as a user does: `pytest bench --benchmark-only` in a new process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SHORT = ("--benchmark-only", "--sweep-size=quick", "--benchmark-max-time=0.02")
# Of pytest's plugins, those that a sweep needs: the others take a second to import.
PLUGINS = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "-p pytest_benchmark.plugin -p pytest_timeout -p tests.bench.hurried",
}


def command(*words):
    return [sys.executable, "-m", "pytest", *SHORT, *map(str, words)]


def run(*words, **environment):
    """Run a short sweep to its end, with more variables in its environment."""
    return subprocess.run(
        command(*words),
        cwd=ROOT,
        env={**os.environ, **PLUGINS, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
