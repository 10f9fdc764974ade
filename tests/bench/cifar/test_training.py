"""Training: broken off and resumed equals whole, equal seeds and device counts agree."""

import json
from pathlib import Path

import numpy as np
import pytest

from reports.cifar.record import METRICS

pytestmark = pytest.mark.slow


def test_a_broken_and_resumed_run_equals_a_whole_one(trained):
    whole, broken, resumed = trained["whole"], trained["broken"], trained["resumed"]
    assert broken["state"] == "stopped"
    assert len(broken["epoch_seconds"]) == 2
    assert resumed["trained"] == [2]
    assert resumed["compiled_epochs"] == [0, 2]
    assert resumed["state"] == "finished"
    assert resumed["history"] == whole["history"]
    assert all(len(values) == 3 for values in whole["history"].values())


def test_a_finished_run_is_not_trained_again(trained):
    assert trained["again"]["trained"] == []
    assert trained["again"]["history"] == trained["whole"]["history"]


def test_more_epochs_go_on_from_the_last(trained):
    first, longer = trained["other seed"], trained["longer"]
    assert first["state"] == longer["state"] == "finished"
    assert longer["trained"] == [1]
    assert all(longer["history"][name][:1] == first["history"][name] for name in METRICS)


def test_equal_seeds_give_equal_histories_and_others_do_not(trained):
    for name in METRICS:
        assert trained["broken"]["history"][name] == trained["whole"]["history"][name][:2]
    first_losses = {trained[label]["history"]["loss"][0] for label in ("other seed", "one device")}
    assert len(first_losses) == 2


def test_two_devices_train_as_one(trained):
    for name in METRICS:
        np.testing.assert_allclose(
            trained["two devices"]["history"][name],
            trained["one device"]["history"][name],
            rtol=1e-5,
        )


def test_a_diverged_run_is_recorded_and_left_alone(trained):
    diverged = trained["diverged"]
    assert diverged["state"] == "diverged"
    assert any(diverged["history"][name][-1] is None for name in METRICS)
    assert "not finite" in diverged["notes"][0]
    assert trained["diverged again"]["trained"] == []


def test_kernel_maps_of_ten_images_and_no_checkpoint_stay(trained):
    assert trained["maps"] == {"involution": [10, 8, 8]}
    assert trained["files"] == ["kernels.npz", "model.keras", "run.json"]


def test_the_input_costs_little_and_is_recorded(trained):
    assert trained["whole"]["input_seconds"] > 0


def test_what_a_study_leaves(trained):
    folder = Path(trained["folder"])
    files = sorted(str(p.relative_to(folder)) for p in (folder / "study").rglob("*") if p.is_file())
    assert files == [
        "study/cifar.json",
        "study/images.npz",
        "study/tutorial_cnn/seed-0/model.keras",
        "study/tutorial_cnn/seed-0/run.json",
    ]
    study = json.loads((folder / "study" / "cifar.json").read_text())
    assert study["settings"]["replicas"] == 2
    assert study["settings"]["batch"] == 32
    assert study["data"]["training_images"] == 96
    assert str(folder) not in json.dumps(study)
    images = np.load(folder / "study" / "images.npz")
    assert images["sample_images"].shape == (25, 32, 32, 3)
    assert images["tested_labels"].shape == (10,)
    boards = folder / "tensorboard" / "study" / "tutorial_cnn" / "seed-0"
    assert list(boards.rglob("events*"))
