"""A whole trial of a tiny model, in processes of its own; and what becomes of one that fails."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from bench.trial import __main__ as command_line
from bench.trial import children
from reports.sweeps import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
# For as short a trial as there is; in another folder than that of the clone.
WORDS = ("tiny.keras", "--sweep-size=quick", "--batch=2", "-o", "out/tiny.json")
SHORT = ("--", "--benchmark-max-time=0.01")


def tiny():
    images = keras.Input((6, 6, 16))
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name="conv")(images)
    return keras.Model(images, layers.Dense(3)(layers.Flatten()(x)), name="tiny")


def trial(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "bench.trial", *WORDS, *words, *SHORT],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p tests.bench.hurried"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model, what a trial of it wrote, and what it said."""
    path = tmp_path_factory.mktemp("trial")
    tiny().save(path / "tiny.keras")
    done = trial(path, "--replace=conv", "--kernel-size=3x5", "--save", "out/new.keras")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    (path / "said.txt").write_text(done.stdout)
    return path


def test_the_results_are_of_layers_and_wholes(folder):
    run = load.run_of(folder / "out" / "tiny.json")
    assert not run.problems
    names = run.records.groupby("sweep", sort=False)["operator"].agg(set).to_dict()
    assert names == {
        "layers": {"convolution", "involution"},
        "model": {"convolution", "rest of the model", "involution"},
    }
    assert run.model is not None
    assert [each.model_dump() for each in run.model.replaced] == [
        {"layer": "conv", "kernel_size": "3x5"}
    ]
    assert (folder / "out" / "tiny.html").read_text().startswith("<!DOCTYPE html>")


def test_the_terminal_says_what_came_out_and_where(folder):
    said = (folder / "said.txt").read_text()
    end = said[said.rindex("with involution") :]
    assert "kernel size 3x5: conv" in end
    assert "Involution in place of 1 of 1 spatial convolution: " in " ".join(end.split())
    assert "Accuracy is unknown: train the new model before you use it." in end
    for name in ("tiny.html", "tiny.json", "new.keras"):
        assert str(folder / "out" / name) in end


def test_the_new_model_can_be_loaded_and_keeps_the_other_weights(folder):
    new = keras.saving.load_model(folder / "out" / "new.keras")
    old = keras.saving.load_model(folder / "tiny.keras")
    assert type(new.get_layer("conv")).__name__ == "Involution2D"
    assert new.get_layer("conv").kernel_size == (3, 5)
    images = np.ones((2, 6, 6, 16), np.float32)
    assert new(images).shape == old(images).shape
    for one, other in zip(new.layers[-1].get_weights(), old.layers[-1].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


class Runner:
    """Stands for the processes: copies what a real trial wrote, and notes the commands."""

    def __init__(self, source):
        self.source, self.commands, self.statuses = source, [], {}

    def __call__(self, command, folder, environment):
        target = Path(command[-1].removeprefix("--benchmark-json="))
        if "--resume" in command:
            target = Path(command[-2].removeprefix("--benchmark-json="))
        self.commands.append(command)
        status = self.statuses.get(target.name, 0)
        if status in (0, 1):
            shutil.copyfile(self.source / target.name, target)
        return status


@pytest.fixture
def runner(folder, monkeypatch):
    found = Runner(folder / "out")
    monkeypatch.setattr(children.child, "run", found)
    # The tests' own process may not change how it is ended, nor what it may use.
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    monkeypatch.setattr(command_line.tf.config, "set_visible_devices", lambda *_: None)
    return found


def run_again(folder, tmp_path, *words):
    """Run the command with stand-ins for its processes, and return its status."""
    model = str(folder / "tiny.keras")
    output = str(tmp_path / "tiny.json")
    return command_line.main([model, "--batch=2", "-o", output, "--replace=conv", *words])


def test_a_trial_is_two_runs_and_a_page(folder, tmp_path, runner):
    assert run_again(folder, tmp_path, "--resume", "--kernel-size=3x5") == 0
    layers_run, whole_run, page = runner.commands
    assert layers_run[3:5] == ["bench", "--benchmark-only"]
    assert "--layers-alone" in layers_run
    assert json.loads(whole_run[-3].removeprefix("--replaced=")) == {"conv": [3, 5]}
    assert layers_run[-1] == whole_run[-1] == "--resume"
    assert page[1:] == [
        *("-m", "reports", str(tmp_path / "tiny.json"), "-o", str(tmp_path / "tiny.html"))
    ]


def test_layers_that_were_measured_are_not_measured_again(folder, tmp_path, runner):
    assert run_again(folder, tmp_path, "--layers", str(folder / "out" / "tiny.json")) == 0
    whole_run, _ = runner.commands
    assert "--layers-alone" not in whole_run
    [size] = json.loads(whole_run[-2].removeprefix("--replaced=")).values()
    assert size in (3, 7)  # those that were measured
    before, after = (load.run_of(each / "tiny.json") for each in (folder / "out", tmp_path))
    assert list(before.records["fullname"]) == list(after.records["fullname"])


def test_nothing_is_replaced_where_involution_is_not_faster(folder, tmp_path, runner, monkeypatch):
    monkeypatch.setattr("bench.trial.choice.FASTER", "never")
    words = [str(folder / "tiny.keras"), "--batch=2", "-o", str(tmp_path / "tiny.json")]
    assert command_line.main([*words, "--save", str(tmp_path / "new.keras")]) == 0
    assert "--replaced={}" in runner.commands[1]
    assert (tmp_path / "tiny.html").exists()
    assert not (tmp_path / "new.keras").exists()


@pytest.mark.parametrize("part", ["tiny.layers.json", "tiny.whole.json"])
def test_a_case_that_failed_decides_the_status_alone(folder, tmp_path, runner, part):
    runner.statuses[part] = 1
    assert run_again(folder, tmp_path) == 1
    assert (tmp_path / "tiny.json").exists()
    assert (tmp_path / "tiny.html").exists()


@pytest.mark.parametrize(
    ("part", "status", "expected", "words"),
    [
        ("tiny.layers.json", 2, 130, "--resume goes on"),
        ("tiny.whole.json", 2, 130, "--resume goes on"),
        ("tiny.layers.json", -9, 1, "ended with status -9; --resume goes on"),
        ("tiny.whole.json", 4, 1, "ended with status 4, for the reason above"),
        ("tiny.html", 3, 1, "the page could not be made; try again: python -m reports"),
    ],
)
def test_a_trial_that_ends_early_says_so(
    folder, tmp_path, runner, capsys, part, status, expected, words
):
    runner.statuses[part] = status
    assert run_again(folder, tmp_path) == expected
    assert words in capsys.readouterr().err
    assert (tmp_path / "tiny.json").exists() == (part == "tiny.html")


def test_results_of_an_earlier_run_are_not_taken_for_those_of_one_that_failed(
    folder, tmp_path, runner
):
    shutil.copyfile(folder / "out" / "tiny.layers.json", tmp_path / "tiny.layers.json")
    runner.source = tmp_path  # what it "writes" is what is there
    runner.statuses["tiny.layers.json"] = 3
    assert run_again(folder, tmp_path) == 1
    assert len(runner.commands) == 1
