"""Weights in the package: as accurate as their card says, and nothing else in their place."""

import hashlib
import json
import shutil
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from PIL import Image
from scipy import stats

from involution import models
from involution.models import trained

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "involution" / "models" / "weights"
INDEX = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
ENTRIES = {entry["model"]: entry for entry in INDEX["files"].values()}
CARD = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sample():
    """The images of the demo, from 0 to 1, and their labels: ten rows of twenty."""
    picture = np.asarray(Image.open(ROOT / "demo" / "images.png"))
    images = [
        picture[32 * row : 32 * row + 32, 32 * column : 32 * column + 32]
        for row in range(10)
        for column in range(20)
    ]
    return np.stack(images).astype("float32") / 255, np.arange(200) // 20


@pytest.mark.parametrize("name", ENTRIES)
def test_a_model_is_as_accurate_on_the_sample_as_its_card_says(name, sample):
    images, labels = sample
    entry = ENTRIES[name]
    logits = getattr(models, name)(weights="cifar10").predict(images, verbose=0)
    correct = np.count_nonzero(np.argmax(logits, axis=1) == labels)
    assert correct == entry["sample_correct"]
    # What so many images of a model with that test accuracy give in 999 of 1,000 cases.
    low, high = stats.binom.interval(0.999, len(labels), entry["test_accuracy"])
    assert low <= correct <= high
    (row,) = [line for line in CARD.splitlines() if f"{entry['parameters']:,}" in line]
    assert f"| {entry['test_accuracy']:.4f} | {correct} of 200 |" in row


def test_the_sample_is_the_one_of_the_index():
    content = (ROOT / "demo" / "images.png").read_bytes()
    assert hashlib.sha256(content).hexdigest() == INDEX["sample"]["sha256"]
    assert INDEX["sample"]["images"] == 200


def test_the_tutorials_pair_and_a_fair_one_fit_into_the_package():
    assert {*ENTRIES} == {"tutorial_cnn", "tutorial_inn", "tutorial_cnn_involution"}
    files = [*FOLDER.glob("*.h5")]
    assert {path.name for path in files} == {*INDEX["files"]}
    assert sum(path.stat().st_size for path in files) <= 2_500_000
    for path in files:
        entry = INDEX["files"][path.name]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert path.stat().st_size == entry["bytes"]
        assert entry["seed"] == 0


@pytest.mark.parametrize("file", INDEX["files"])
def test_a_file_holds_arrays_alone(file):
    types = []

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            types.append(item.dtype)

    with h5py.File(FOLDER / file) as content:
        content.visititems(visit)
    assert {*map(str, types)} == {"float32"}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_parameters_are_those_of_the_model(name):
    weights = getattr(models, name)().trainable_weights
    assert sum(int(np.prod(weight.shape)) for weight in weights) == ENTRIES[name]["parameters"]


def test_every_implementation_has_the_same_weights(sample):
    images = sample[0][:10]
    logits = [
        models.tutorial_inn(weights="cifar10", implementation=implementation).predict(
            images, verbose=0
        )
        for implementation in ("auto", "patches")
    ]
    np.testing.assert_allclose(*logits, rtol=1e-3, atol=1e-3)


def test_without_weights_they_are_random():
    first, second = (models.tutorial_cnn().get_weights()[0] for _ in range(2))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("weights", ["imagenet", "", 1, ["cifar10"], "CIFAR10"])
def test_another_word_is_refused_with_those_that_there_are(weights):
    with pytest.raises(ValueError, match=r"`weights` must be None or 'cifar10'. Received: weigh"):
        models.tutorial_cnn(weights=weights)


def test_a_model_without_weights_says_which_have_some():
    with pytest.raises(
        ValueError,
        match=r"must be None for tutorial_inn_wide: .* of tutorial_cnn, tutorial_inn, tutorial_cnn_"
        r"involution alone\. Received: weights='cifar10'",
    ):
        models.tutorial_inn_wide(weights="cifar10")


def test_another_number_of_classes_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(keras, "Sequential", None)
    with pytest.raises(ValueError, match=r"`classes` must be 10 .* Received: classes=5"):
        models.tutorial_cnn(weights="cifar10", classes=5)


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the weights that the package reads in place of its own."""
    folder = shutil.copytree(FOLDER, tmp_path / "weights")
    monkeypatch.setattr(trained, "FOLDER", folder)
    return folder


def test_a_file_that_differs_is_refused_with_both_hashes_and_not_opened(copied):
    file = copied / "tutorial_inn-cifar10.weights.h5"
    file.write_bytes(b"not even a file of arrays")
    found = hashlib.sha256(b"not even a file of arrays").hexdigest()
    expected = ENTRIES["tutorial_inn"]["sha256"]
    with pytest.raises(ValueError, match=f"{file.name}: .*SHA-256 {expected}. Received: {found}"):
        models.tutorial_inn(weights="cifar10")
    models.tutorial_cnn(weights="cifar10")


def test_one_bit_suffices(copied):
    file = copied / "tutorial_inn-cifar10.weights.h5"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match="SHA-256"):
        models.tutorial_inn(weights="cifar10")


def test_a_file_that_is_missing_is_named(copied):
    (copied / "tutorial_cnn-cifar10.weights.h5").unlink()
    with pytest.raises(ValueError, match=r"tutorial_cnn-cifar10.weights.h5: .* Received: none"):
        models.tutorial_cnn(weights="cifar10")
