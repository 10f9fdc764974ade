"""Fresh traces, shared by the tests that read them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STEPS = 4


@pytest.fixture(scope="session")
def traces(tmp_path_factory):
    """A folder with a run each of the fused involution and of convolution, training."""
    folder = tmp_path_factory.mktemp("traces") / "profile"
    operators = ["--operator", "convolution", "--operator", "involution-fused"]
    case = ["--case", "kernel_size=3,direction=training"]
    words = [*case, *operators, "--steps", str(STEPS), "--results", str(folder)]
    # In a process of its own: what other tests still hold would count as memory of a trace.
    command = [sys.executable, "-m", "bench.profiling", *words]
    subprocess.run(command, cwd=ROOT, check=True)
    yield folder
    shutil.rmtree(folder.parent)
