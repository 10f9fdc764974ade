"""What tests of native kernels need.

Where no kernels were built, the tests are skipped; with INVOLUTION_REQUIRE_NATIVE=1 they fail.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from involution.ops.native.library import reason_against

ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def native_kernels():
    """Skip a test that cannot run, or fail it where all tests must run."""
    reason = reason_against()
    if reason is None:
        return
    if os.environ.get("INVOLUTION_REQUIRE_NATIVE") == "1":
        pytest.fail(f"INVOLUTION_REQUIRE_NATIVE=1, but: {reason}.")
    pytest.skip(f"{reason}.")


@pytest.fixture(scope="session")
def python():
    """A function that runs code in a fresh process of this project and returns its output."""

    def run(code, *arguments, **environment):
        finished = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    return run
