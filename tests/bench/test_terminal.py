"""What the commands write on the terminal: nothing that a user need not act on."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.bench.cifar import published

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def complaints(*words):
    """Run a command as a user does who has set nothing, and return what is on standard error."""
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    process = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return process.stderr


SMALL = "--case=kernel_size=3,height=8,width=8"
SWEEP = (SMALL, "--benchmark-max-time=0.02", "--benchmark-only", "-k=forward", "-s")
TRACES = (SMALL, "--steps=3")


@pytest.mark.parametrize(
    "words",
    [
        ("involution.costs", "--depths", "14"),
        ("bench.profiling", *TRACES, "--results={folder}"),
        ("pytest", "bench", *SWEEP, "--sweep-size=quick", "--benchmark-json={folder}/b.json"),
    ],
    ids=lambda words: words[0],
)
def test_commands_are_silent(words, tmp_path):
    assert complaints(*(word.format(folder=tmp_path) for word in words)) == ""


def test_training_many_models_says_only_what_is_odd_about_the_images(tmp_path):
    np.savez(tmp_path / "cifar.npz", **published.arrays())
    words = ("--models", "tutorial_cnn", "--seeds=6", "--epochs=1", "--batch=32", "--profile")
    folder = ("--data", tmp_path / "cifar.npz", "--output", tmp_path / "cifar")
    lines = complaints("bench.cifar", *words, *folder).splitlines()
    assert all(line.startswith("cifar.npz: ") for line in lines)
    assert len(lines) == 2
