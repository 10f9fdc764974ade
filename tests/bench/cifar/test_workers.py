"""Two workers on this machine, by the command line, train as one process does."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from bench.cifar import workers
from reports.cifar.record import METRICS
from tests.bench.cifar import published

ROOT = Path(__file__).parents[3]


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(options, config):
    return subprocess.Popen(
        [sys.executable, "-m", "bench.cifar", *map(str, options)],
        cwd=ROOT,
        env={
            **os.environ,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "TF_CONFIG": json.dumps(config),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What two workers left in `two`, trained as `scenario` does on one device."""
    folder = tmp_path_factory.mktemp("workers")
    np.savez(folder / "cifar.npz", **published.arrays())
    options = ["--data", folder / "cifar.npz", "--models", "tutorial_cnn", "--seeds", 1]
    options += ["--epochs", 3, "--batch", 32, "--augment", "--output", folder / "two"]
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    processes = [
        start(options, {"cluster": cluster, "task": {"type": "worker", "index": index}})
        for index in (0, 1)
    ]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output[-3000:]
    return folder


def test_two_workers_train_as_one_process(folder, trained):
    two = json.loads((folder / "two" / "tutorial_cnn" / "seed-0" / "run.json").read_text())
    assert two["state"] == "finished"
    for name in METRICS:
        expected = trained["one device"]["history"][name]
        np.testing.assert_allclose(two["history"][name], expected, rtol=1e-5)


def test_what_a_study_leaves(folder):
    files = sorted(str(p.relative_to(folder)) for p in (folder / "two").rglob("*") if p.is_file())
    assert files == [
        "two/cifar.json",
        "two/images.npz",
        "two/tutorial_cnn/seed-0/model.keras",
        "two/tutorial_cnn/seed-0/run.json",
    ]
    study = json.loads((folder / "two" / "cifar.json").read_text())
    assert study["settings"]["replicas"] == 2
    assert study["settings"]["batch"] == 32
    assert study["data"]["training_images"] == 96
    assert str(folder) not in json.dumps(study)
    images = np.load(folder / "two" / "images.npz")
    assert images["sample_images"].shape == (25, 32, 32, 3)
    assert images["tested_labels"].shape == (10,)
    boards = list((folder / "tensorboard" / "two" / "tutorial_cnn" / "seed-0").rglob("events*"))
    assert boards


@pytest.mark.parametrize(
    ("task", "first"),
    [
        (None, True),
        ({"type": "worker", "index": 0}, True),
        ({"type": "worker", "index": 1}, False),
        ({"type": "chief", "index": 0}, True),
        ({"type": "evaluator", "index": 0}, False),
    ],
)
def test_one_worker_writes(task, first, monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    if task:
        monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": {}, "task": task}))
    assert workers.is_first() == first


class SeveralMachines(tf.distribute.MultiWorkerMirroredStrategy):
    """Is of the right type, and needs no other machine."""

    def __init__(self):
        pass


@pytest.mark.parametrize("name", workers.REPLACED)
def test_another_keras_is_said(monkeypatch, name):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    workers.prepare(network, object())  # any other strategy needs nothing of it
    monkeypatch.setattr(type(network), name, None)
    expected = rf"as in Keras 3\.8 to 3\.15\. Received: Keras \S+, without {name}$"
    with pytest.raises(workers.UnsupportedKerasError, match=expected):
        workers.prepare(network, SeveralMachines())
