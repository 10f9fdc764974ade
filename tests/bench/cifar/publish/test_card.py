"""The card: metadata that the hub reads, and numbers that are those of the runs."""

import json
import shutil
import statistics

import pytest
import yaml
from huggingface_hub import ModelCard

from bench.cifar.publish.card import card
from bench.cifar.trained import read
from tests.bench.cifar.finished import ACCURACIES


@pytest.fixture
def written(study):
    return str(card(read(study / "tutorial_inn" / "seed-1"), "alice/inn"))


def test_the_metadata(written):
    metadata = yaml.safe_load(written.split("---\n")[1])
    assert metadata["license"] == "apache-2.0"
    assert metadata["library_name"] == "keras"
    assert metadata["pipeline_tag"] == "image-classification"
    assert metadata["datasets"] == ["uoft-cs/cifar10"]
    (index,) = metadata["model-index"]
    (result,) = index["results"]
    assert result["metrics"] == [
        {"type": "accuracy", "value": ACCURACIES[1], "name": "Test accuracy"}
    ]
    assert result["dataset"]["split"] == "test"
    # As the hub's own library reads it.
    (found,) = ModelCard(written).data.eval_results
    assert (found.metric_type, found.metric_value) == ("accuracy", ACCURACIES[1])


def test_what_a_stranger_must_know(written):
    for part in (
        'keras.saving.load_model("hf://alice/inn")',
        "import involution",
        "13,074 trainable parameters",
        "Labels from 0 to 9: one, two, three",
        "50,000 training images and 10,000 test images",
        "They are a compressed copy.",
        "| Seed | 1 |",
        "| Epochs | 2 |",
        "| Optimizer | Adam, learning rate 0.001 |",
        "| Augmentation | none |",
        "| TensorFlow, Keras | 2.21.0, 3.15.1 |",
        "## Limits",
        "licensed under Apache-2.0",
    ):
        assert part in written


def test_nothing_tells_whose_machine_it_was(written, study):
    assert "secret-host" not in written
    assert str(study) not in written


def test_the_numbers_are_those_of_this_run_and_of_all_seeds(written):
    row = next(line for line in written.splitlines() if line.startswith("| Test accuracy"))
    assert row.split(" | ")[1] == f"{ACCURACIES[1]:.4f}"
    mean = statistics.mean(ACCURACIES)
    # Student's t for two degrees of freedom at 95 %.
    half = 4.302653 * statistics.stdev(ACCURACIES) / 3**0.5
    assert f"{mean:.4f} ({mean - half:.4f} to {mean + half:.4f})" in row
    assert "0.4300 to 0.4600" in row
    assert "tutorial_inn against tutorial_cnn" in written
    assert "1.00 times the time per epoch" in written
    assert "10.0 s per epoch" in written
    error = (ACCURACIES[1] * (1 - ACCURACIES[1]) / 10_000) ** 0.5
    assert f"standard error of {error:.4f} in its accuracy, which the interval over" in written


def test_one_seed_has_no_interval(study):
    written = str(card(read(study / "tutorial_cnn" / "seed-0"), "alice/cnn"))
    assert "how far seeds scatter is unknown" in written
    assert "95 %" not in written
    assert "in its accuracy.\n" in written
    assert "interval" not in written
    assert "import involution" not in written


def test_what_a_reader_should_know_of_any_seed_is_told_once(study, tmp_path):
    shutil.copytree(study, tmp_path / "cifar")
    folder = tmp_path / "cifar" / "tutorial_inn"
    for seed in (0, 2):
        file = folder / f"seed-{seed}" / "run.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"notes": ["Of a Monday."]}))
    written = str(card(read(folder / "seed-1"), "alice/inn"))
    assert written.count("- Of a Monday.\n") == 1


def test_runs_that_do_not_count_are_told(study, tmp_path):
    shutil.copytree(study, tmp_path / "cifar")
    folder = tmp_path / "cifar" / "tutorial_inn"
    content = json.loads((folder / "seed-2" / "run.json").read_text())
    content |= {"state": "diverged"}
    (folder / "seed-2" / "run.json").write_text(json.dumps(content))
    written = str(card(read(folder / "seed-1"), "alice/inn"))
    assert "Not counted, since training diverged: seed 2." in written
    assert "mean of 2 seeds" in written
