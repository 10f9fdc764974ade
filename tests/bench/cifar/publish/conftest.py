"""A study with trained models, and a hub on loopback to publish them on."""

import os

import huggingface_hub
import keras
import numpy as np
import pytest

from bench.cifar.models import candidate
from bench.cifar.progress import after_epoch, begin
from bench.cifar.store import Store
from reports.cifar.record import FORMAT, MARKER, StudyData, StudyRecord, StudySettings
from reports.sources.writing import write_json
from tests.bench.cifar.publish.loopback import TOKEN, LoopbackHub

CLASSES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
# Of the three seeds of tutorial_inn, after the last epoch.
ACCURACIES = (0.46, 0.43, 0.45)


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    """The folder of a study: three seeds of an involutional network, one of its baseline."""
    folder = tmp_path_factory.mktemp("study") / "cifar"
    record = StudyRecord(
        format=FORMAT,
        datetime="2026-01-01T00:00:00+00:00",
        settings=StudySettings(
            models=["tutorial_cnn", "tutorial_inn"],
            seeds=3,
            epochs=2,
            batch=256,
            learning_rate=1e-3,
            augment=False,
            optimizer="Adam",
            replicas=1,
        ),
        data=StudyData(
            dataset="cifar10",
            source="cifar-10-batches-py",
            notes=["They are a compressed copy."],
            training_images=50_000,
            test_images=10_000,
            classes=CLASSES,
            sha256="0" * 64,
        ),
        machine_info={
            "node": "secret-host",
            "cores": 2,
            "tensorflow": "2.21.0",
            "keras": "3.15.1",
            "accelerators": [],
        },
    )
    write_json(folder / MARKER, record.model_dump(mode="json"))
    write_run(folder, "tutorial_cnn", 0, (0.6, 0.72))
    for seed, accuracy in enumerate(ACCURACIES):
        write_run(folder, "tutorial_inn", seed, (0.3, accuracy))
    return folder


def write_run(study, name, seed, accuracies):
    """Write a run with its model, as training leaves it after its last epoch."""
    model = candidate(name)
    keras.utils.set_random_seed(seed)
    network = model.build(len(CLASSES))
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.optimizer.build(network.trainable_variables)
    run = begin(model, seed, network)
    for accuracy in accuracies:
        metrics = {"loss": 1.5, "accuracy": accuracy + 0.05, "val_loss": 1.6}
        run = after_epoch(run, 10.0, {**metrics, "val_accuracy": accuracy})
    store = Store(study / name / f"seed-{seed}")
    store.save(network, run)
    store.finish(run, {})


@pytest.fixture(scope="session")
def images():
    return np.random.default_rng(0).random((5, 32, 32, 3), dtype=np.float32)


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub on loopback, to which this process is logged in."""
    with LoopbackHub() as started:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", started.address)
        monkeypatch.setattr(huggingface_hub.constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        # Large files go by LFS: the servers of Xet are beyond a test.
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
        for name in [name for name in os.environ if name.startswith(("HF_", "HUGGING"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield started
