"""Fresh traces, shared by the tests that read them."""

import shutil

import pytest

from bench.profiling.__main__ import main

STEPS = 4


@pytest.fixture(scope="session")
def traces(tmp_path_factory):
    """A folder with a run each of the fused involution and of convolution, training."""
    folder = tmp_path_factory.mktemp("traces") / "profile"
    operators = ["--operator", "convolution", "--operator", "involution-fused"]
    case = ["--case", "kernel_size=3,direction=training"]
    assert main([*case, *operators, "--steps", str(STEPS), "--results", str(folder)]) == 0
    yield folder
    shutil.rmtree(folder.parent)
