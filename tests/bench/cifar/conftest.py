"""What the training of small models in a process of its own gave."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.bench.cifar import published
from tests.bench.cifar.finished import write_study

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The results of `scenario`, by label."""
    folder = tmp_path_factory.mktemp("training")
    np.savez(folder / "cifar.npz", **published.arrays())
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.cifar.scenario", folder],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """The folder of a study: three seeds of an involutional network, one of its baseline."""
    folder = tmp_path_factory.mktemp("study") / "cifar"
    write_study(folder)
    return folder
