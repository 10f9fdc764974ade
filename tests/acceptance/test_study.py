"""A study on a Ray cluster whose nodes and driver are killed at random moments: none of it is lost.

Two nodes on this machine, with --kills kills, take some fifteen minutes.
"""

import json
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest

from tests.acceptance.command import ROOT
from tests.acceptance.nodes import Kills
from tests.bench.cifar import published

EPOCHS = 3
MODELS = ("tutorial_cnn", "tutorial_inn")
STUDY = ("--models", *MODELS, "--seeds=2", "--batch=64", f"--epochs={EPOCHS}")


@pytest.fixture
def images(tmp_path):
    """Images enough for an epoch that a kill can hit."""
    path = tmp_path / "cifar.npz"
    np.savez(path, **published.arrays(train=1024, test=64))
    return path


def test_every_run_is_trained_once_whatever_ends(option, say, tmp_path, cluster, images):
    here = _study(tmp_path / "here", images)
    assert here.wait() == 0
    expected = _histories(tmp_path / "here")
    start = time.perf_counter()
    assert _study(tmp_path / "whole", images, cluster).wait() == 0, _log(tmp_path / "whole")
    seconds = time.perf_counter() - start
    say(f"undisturbed: {len(expected)} runs of {EPOCHS} epochs in {seconds:.0f} s")
    assert _histories(tmp_path / "whole") == expected
    kills, studies = Kills(option("--kills"), option("--seed"), cluster, say), 0
    while kills.left:
        folder = tmp_path / f"study-{studies}"
        studies += 1
        status = kills.run(
            partial(_study, folder, images, cluster),
            (0.2 * seconds, 0.9 * seconds),
            lambda folder=folder: f"{_epochs(folder)} epochs are on disk",
        )
        assert status == 0, _log(folder)
        assert _histories(folder) == expected, _log(folder)
        say(f"study {studies}: every run to its end once, with the metrics of an unbroken one")
    say(f"{option('--kills')} nodes and drivers were killed in {studies} studies: nothing lost")


def _study(folder, images, cluster=None):
    """Start `python -m bench.cifar`; on a cluster, if one is given."""
    command = [sys.executable, "-m", "bench.cifar", *STUDY, f"--data={images}", f"-o={folder}"]
    command += [f"--address={cluster.address}"] if cluster else []
    with folder.with_suffix(".log").open("a") as log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)


def _log(folder):
    return folder.with_suffix(".log").read_text()


def _runs(folder):
    paths = sorted(folder.glob("*/seed-*/run.json"))
    return {str(path.parent.relative_to(folder)): json.loads(path.read_text()) for path in paths}


def _epochs(folder):
    return sum(len(run["epoch_seconds"]) for run in _runs(folder).values())


def _histories(folder):
    """The metrics of each run, after a check that it is finished and has its model."""
    runs = _runs(folder)
    assert len(runs) == 4
    for name, run in runs.items():
        assert run["state"] == "finished"
        assert len(run["epoch_seconds"]) == EPOCHS
        assert [path.name for path in (folder / name).glob("*.keras")] == ["model.keras"]
    return {name: run["history"] for name, run in runs.items()}
