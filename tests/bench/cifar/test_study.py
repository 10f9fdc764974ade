"""A study: what its runs share is kept, and nothing else is mixed in."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bench.cifar import data, study
from bench.cifar.settings import Settings
from bench.session.machine import machine_info
from tests.bench.cifar import published


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "cifar.npz"
    np.savez(path, **published.arrays())
    return data.load(path)


@pytest.fixture
def begin(tmp_path, images):
    """Begin a study, or resume the one that is there."""

    def call(
        models=("tutorial_cnn",), seeds=2, settings=None, images=images, replicas=1, machine=None
    ):
        notes = study.begin(
            tmp_path,
            models=models,
            seeds=seeds,
            settings=settings or Settings(),
            data=images,
            replicas=replicas,
            machine=machine or machine_info(),
            before=study.existing(tmp_path),
        )
        return json.loads((tmp_path / "cifar.json").read_text()), notes

    return call


def test_a_study_says_what_is_needed_to_repeat_it(begin, images):
    document, notes = begin()
    assert document["settings"] == {
        "models": ["tutorial_cnn"],
        "seeds": 2,
        "epochs": 20,
        "batch": 256,
        "learning_rate": 0.001,
        "augment": False,
        "optimizer": "Adam",
        "replicas": 1,
    }
    assert document["data"]["sha256"] == images.fingerprint
    assert document["data"]["notes"] == list(images.notes)
    assert document["machine_info"]["tensorflow"]
    assert notes == []


def test_models_seeds_and_epochs_may_be_added(begin):
    first, _ = begin()
    document, _ = begin(["tutorial_inn"], 1, Settings(epochs=30))
    assert document["settings"]["models"] == ["tutorial_cnn", "tutorial_inn"]
    assert document["settings"]["seeds"] == 2
    assert document["settings"]["epochs"] == 30
    assert document["datetime"] == first["datetime"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"settings": Settings(batch=128)}, r"batch=256 \(received 128\)"),
        ({"settings": Settings(augment=True)}, r"augment=False \(received True\)"),
        ({"settings": Settings(epochs=5)}, r"epochs=20 \(received 5\)"),
        ({"replicas": 2}, r"replicas=1 \(received 2\)"),
    ],
)
def test_other_settings_are_refused(begin, changes, reason):
    before, _ = begin()
    with pytest.raises(study.StudyError, match=rf"{reason}.*--output FOLDER"):
        begin(**changes)
    assert begin()[0] == before


def test_other_images_are_refused(begin, images):
    begin()
    with pytest.raises(study.StudyError, match="other images"):
        begin(images=replace(images, test_labels=images.test_labels[::-1]))


def test_another_machine_is_noted(begin):
    first, _ = begin()
    same = {**first["machine_info"], "cpu": {**first["machine_info"]["cpu"], "hz_actual": 1}}
    assert begin(machine=same)[1] == []
    second_gpu = {**same, "flags": {**same["flags"], "CUDA_VISIBLE_DEVICES": "1"}}
    assert begin(machine=second_gpu)[1] == []
    other = {
        **same,
        "cpu": {"brand_raw": "other"},
        "tensorflow": "other",
        "flags": {"XLA_FLAGS": "x"},
    }
    document, notes = begin(machine=other)
    assert notes == ["Trained in part with other processor, tensorflow, flags than the study began"]
    assert document["machine_info"] == first["machine_info"]
