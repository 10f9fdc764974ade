"""Weights for the package: those of finished runs, with their hashes and their card."""

import hashlib
import json
import shutil
import statistics

import keras
import numpy as np
import pytest

from bench.cifar import sheet
from bench.cifar.data import load
from bench.cifar.weights import files
from bench.cifar.weights.__main__ import main
from involution import models
from involution.models import trained
from tests.bench.cifar import published
from tests.bench.cifar.finished import ACCURACIES, write_run


def status(*arguments):
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


@pytest.fixture
def runs(study):
    return [study / "tutorial_cnn" / "seed-0", study / "tutorial_inn" / "seed-0"]


@pytest.fixture
def copied(study, tmp_path):
    """A copy of the study, for what a test changes in it."""
    return shutil.copytree(study, tmp_path / "cifar")


@pytest.fixture
def picture():
    random = np.random.default_rng(0)
    return random.integers(0, 256, (320, 64, 3), dtype=np.uint8)


@pytest.fixture
def sample(picture, tmp_path):
    path = tmp_path / "images.png"
    sheet.write(path, picture)
    return path


@pytest.fixture
def output(tmp_path, monkeypatch):
    """The folder of the weights, from which the package loads."""
    monkeypatch.setattr(trained, "FOLDER", tmp_path / "weights")
    return tmp_path / "weights"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def changed(path, **values):
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | values))


def test_the_package_loads_what_was_trained(runs, sample, picture, output, capsys):
    assert status(*runs, "--sample", sample, "-o", output) == 0
    assert capsys.readouterr().out.count(" bytes\n") == 2
    index = json.loads((output / "index.json").read_text())
    images = np.stack([picture[i : i + 32, j : j + 32] for i in range(0, 320, 32) for j in (0, 32)])
    for run in runs:
        name = run.parent.name
        entry = index["files"][f"{name}-cifar10.weights.h5"]
        kept = keras.saving.load_model(run / "model.keras")
        loaded = getattr(models, name)(weights="cifar10")
        for expected, found in zip(kept.get_weights(), loaded.get_weights(), strict=True):
            np.testing.assert_array_equal(found, expected)
        logits = kept.predict(images.astype("float32") / 255, verbose=0)
        right = [int(row.argmax()) == place // 2 for place, row in enumerate(logits)]
        assert entry["sample_correct"] == sum(right)
        assert entry["parameters"] == sum(w.shape.num_elements() for w in _trainable(loaded))


def _trainable(model):
    return [variable.value for variable in model.trainable_variables]


def test_the_index_has_hashes_and_the_metrics_of_all_seeds(runs, study, sample, output):
    assert status(*runs, "--sample", sample, "-o", output) == 0
    index = json.loads((output / "index.json").read_text())
    for name, content in contents(output).items():
        if name.endswith(".h5"):
            assert index["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
            assert index["files"][name]["bytes"] == len(content)
    assert index["sample"]["sha256"] == hashlib.sha256(sample.read_bytes()).hexdigest()
    assert index["sample"]["images"] == 20
    assert index["data"]["sha256"] == "0" * 64
    assert index["data"]["notes"] == ["They are a compressed copy."]
    entry = index["files"]["tutorial_inn-cifar10.weights.h5"]
    assert (entry["seed"], entry["seeds"], entry["epochs"]) == (0, [0, 1, 2], 2)
    assert entry["test_accuracy"] == ACCURACIES[0]
    mean = statistics.mean(ACCURACIES)
    # Student's t for two degrees of freedom at 95 %.
    half = 4.302653 * statistics.stdev(ACCURACIES) / 3**0.5
    assert entry["mean_test_accuracy"] == pytest.approx(mean, abs=1e-6)
    assert entry["interval"] == pytest.approx([mean - half, mean + half], abs=2e-6)
    single = index["files"]["tutorial_cnn-cifar10.weights.h5"]
    assert (single["seeds"], single["interval"]) == ([0], None)


def test_the_card_says_what_a_stranger_must_know(runs, study, sample, output, monkeypatch):
    monkeypatch.chdir(sample.parent)
    assert status(*runs, "--sample", sample.name, "-o", output) == 0
    card = (output / "README.md").read_text()
    for part in (
        'tutorial_cnn(weights="cifar10")',
        "Labels from 0 to 9: one, two, three",
        "50,000 training images and 10,000 test images",
        "They are a compressed copy.",
        "| Seed | 0 |",
        "| Epochs | 2 |",
        "whatever its accuracy",
        "### tutorial_inn",
        "0.4300 to 0.4600",
        "tutorial_inn against tutorial_cnn",
        "tutorial_inn: 10,000 test images leave a standard error of 0.0050",
        "licensed under Apache-2.0",
        " of 20 |",
        f"the images of `{sample.name}` that a model classifies correctly:",
        "2 test images of each class",
    ):
        assert part in card
    assert "time per epoch" not in card
    assert "secret-host" not in card
    assert str(study) not in card


def test_it_writes_the_same_again_and_removes_what_is_not_given_again(runs, sample, output):
    command = ["--sample", sample, "-o", output]
    assert status(*runs, *command) == 0
    first = contents(output)
    (output / "notes.txt").write_text("of somebody else")
    assert status(*runs, *command) == 0
    assert contents(output) == first | {"notes.txt": b"of somebody else"}
    assert status(runs[1], *command) == 0
    assert {*contents(output)} == {*first, "notes.txt"} - {"tutorial_cnn-cifar10.weights.h5"}
    with pytest.raises(ValueError, match=r"of tutorial_inn alone"):
        models.tutorial_cnn(weights="cifar10")


@pytest.mark.parametrize("index", [None, "{", "[]", '{"files": 1}', '{"files": {}}'])
def test_weights_that_no_index_names_stay(index, runs, sample, output):
    """A folder of somebody else may hold files of such names."""
    output.mkdir()
    (output / "my-model.weights.h5").write_bytes(b"of somebody else")
    if index is not None:
        (output / "index.json").write_text(index)
    assert status(runs[1], "--sample", sample, "-o", output) == 0
    assert status(runs[1], "--sample", sample, "-o", output) == 0
    assert (output / "my-model.weights.h5").read_bytes() == b"of somebody else"


def unfinished(study):
    changed(study / "tutorial_inn" / "seed-0" / "run.json", state="stopped")
    return [study / "tutorial_inn" / "seed-0"]


def longer(study):
    write_run(study, "tutorial_inn", 0, (0.3, 0.4, 0.5))
    return [study / "tutorial_cnn" / "seed-0", study / "tutorial_inn" / "seed-0"]


def other_study(study):
    other = shutil.copytree(study, study.parent / "other")
    return [study / "tutorial_cnn" / "seed-0", other / "tutorial_inn" / "seed-0"]


def other_model(study):
    shutil.copytree(study / "tutorial_cnn", study / "rednet14w16")
    changed(study / "rednet14w16" / "seed-0" / "run.json", model="rednet14w16")
    return [study / "rednet14w16" / "seed-0"]


def other_data(study):
    data = json.loads((study / "cifar.json").read_text())["data"]
    changed(study / "cifar.json", data=data | {"dataset": "cifar100"})
    return [study / "tutorial_inn" / "seed-0"]


def damaged(study):
    (study / "tutorial_inn" / "seed-0" / "model.keras").write_bytes(b"nothing")
    return [study / "tutorial_inn" / "seed-0"]


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        (unfinished, "expected a run that is finished. Received: stopped after 2 epochs"),
        (lambda study: [study / "tutorial_inn" / "seed-1"], "expected seed 0, so that no seed"),
        (lambda study: [study], "expected the folder of one trained model"),
        (lambda study: [study / "tutorial_inn" / "seed-0"] * 2, "Received: tutorial_inn again"),
        (longer, "expected 2 epochs, as "),
        (other_study, "expected a run of the same study as "),
        (other_model, "expected a model that takes weights: tutorial_cnn, tutorial_inn, "),
        (other_data, "expected a study of cifar10 with 10 classes. Received: cifar100 with 10"),
        (damaged, "expected a model that Keras can load"),
    ],
)
def test_other_runs_are_refused_and_nothing_is_written(
    chosen, reason, copied, sample, output, capsys
):
    assert status(*chosen(copied), "--sample", sample, "-o", output) == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]
    assert not output.exists()


def test_weights_that_are_too_large_are_refused(runs, sample, output, monkeypatch, capsys):
    monkeypatch.setattr(files, "MOST_BYTES", 1_300_000)
    assert status(*runs, "--sample", sample, "-o", output) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "expected weights of at most 1,300,000 bytes together. Received: 1,3" in said
    assert "(tutorial_cnn 1,2" in said
    assert not output.exists()


@pytest.mark.parametrize("rows", [9, 11])
def test_a_sample_has_a_row_for_each_class(rows, runs, tmp_path, output, capsys):
    sheet.write(tmp_path / "images.png", np.zeros((32 * rows, 64, 3), np.uint8))
    assert status(*runs, "--sample", tmp_path / "images.png", "-o", output) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert f"expected 10 rows of images, one of each class. Received: {rows}" in said
    assert not output.exists()


def test_without_a_sample_or_a_folder_nothing_is_written(runs, sample, output, tmp_path, capsys):
    assert status(*runs, "--sample", tmp_path / "none.png", "-o", output) == 2
    assert "none.png: cannot be read" in capsys.readouterr().err
    output.write_text("a file")
    assert status(*runs, "--sample", sample, "-o", output) == 2
    assert "cannot write" in capsys.readouterr().err
    assert output.read_text() == "a file"


@pytest.fixture
def data(tmp_path):
    """A data set with 25 test images of each class, in an order of their own."""
    arrays = published.arrays(test=250)
    labels = np.random.default_rng(1).permutation(np.repeat(np.arange(10), 25))
    np.savez(tmp_path / "images.npz", **arrays | {"y_test": labels})
    return tmp_path / "images.npz"


def test_the_sample_is_made_of_the_images_of_the_study(copied, data, tmp_path, output):
    found = load(data)
    of_study = json.loads((copied / "cifar.json").read_text())["data"]
    changed(copied / "cifar.json", data=of_study | {"sha256": found.fingerprint})
    run, sample = copied / "tutorial_inn" / "seed-0", tmp_path / "demo" / "images.png"
    assert status(run, "--data", data, "--sample", sample, "-o", output) == 0
    images, labels = sheet.tiles(sheet.read(sample))
    with np.load(data) as arrays:
        for label in range(10):
            first = arrays["x_test"][arrays["y_test"] == label][:20]
            np.testing.assert_array_equal(images[labels == label], first)
    assert json.loads((output / "index.json").read_text())["sample"]["images"] == 200


def test_images_of_another_study_are_refused(runs, data, tmp_path, output, capsys):
    sample = tmp_path / "new.png"
    assert status(*runs, "--data", data, "--sample", sample, "-o", output) == 2
    assert f"expected the images of the study, SHA-256 {'0' * 64}" in capsys.readouterr().err
    assert not sample.exists()
    assert not output.exists()
