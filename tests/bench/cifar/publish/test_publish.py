"""Publishing: all of a model or nothing of it, and one sentence where it cannot be."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import huggingface_hub
import keras
import numpy as np
import pytest

from bench.cifar.publish.__main__ import main
from tests.bench.cifar.publish.loopback import NEW, TOKEN, git_hash

ROOT = Path(__file__).parents[4]
FILES = {"README.md", "config.json", "metadata.json", "model.weights.h5", "run.json"}
# What huggingface_hub itself does where it sends a large file by LFS.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
LOADS = """
import sys
import numpy as np
from bench.cifar.publish.__main__ import main

assert main([sys.argv[1], "--to", "hf://alice/inn"]) == 0

import keras

model = keras.saving.load_model("hf://alice/inn")
np.save(sys.argv[3], model.predict(np.load(sys.argv[2]), verbose=0))
"""


def status(*arguments):
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


@pytest.fixture
def run(study):
    return study / "tutorial_inn" / "seed-1"


def predictions(run, images):
    return keras.saving.load_model(run / "model.keras").predict(images, verbose=0)


def is_published(hub, run, name="alice/inn"):
    return (run / "run.json").read_bytes() == hub.repositories[name].get("run.json")


@pytest.mark.slow
def test_keras_loads_what_is_published(hub, run, images, tmp_path):
    np.save(tmp_path / "images.npy", images)
    variables = {
        "HF_ENDPOINT": hub.address,
        "HF_TOKEN": TOKEN,
        "HF_HOME": str(tmp_path / "home"),
        "HF_HUB_DISABLE_XET": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOADS, run, tmp_path / "images.npy", tmp_path / "logits.npy"],
        cwd=ROOT,
        env={**os.environ, **variables, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Published: {hub.address}/alice/inn" in done.stdout
    assert set(hub.repositories["alice/inn"]) == FILES | set(NEW)
    assert hub.commits["alice/inn"] == 2
    np.testing.assert_allclose(
        np.load(tmp_path / "logits.npy"), predictions(run, images), rtol=1e-5, atol=1e-6
    )


def test_a_dry_run_writes_the_same_without_network_or_token(
    run, images, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(huggingface_hub.HfApi, "__init__", lambda *_, **__: pytest.fail("asked"))
    folder = tmp_path / "new" / "folder"
    assert status(run, "--to", "hf://alice/inn", "--dry-run", folder) == 0
    assert f"nothing uploaded: {folder}" in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == FILES
    model = keras.saving.load_model(folder)
    np.testing.assert_array_equal(model.predict(images, verbose=0), predictions(run, images))
    assert not model.compiled
    assert status(run, "--to", "hf://alice/inn", "--dry-run", folder) == 2
    assert "expected a new or an empty folder. Received: a folder with" in capsys.readouterr().err
    assert status(run, "--to", "hf://alice/inn", "--dry-run", run / "run.json") == 2
    assert "expected a new or an empty folder. Received: a file" in capsys.readouterr().err


def test_a_dry_run_takes_a_new_folder_each_time(run, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in ("inn", "inn-2"):
        assert status(run, "--to", "hf://alice/inn", "--dry-run") == 0
        folder = Path("results", "hub", name)
        assert f": {folder}\n" in capsys.readouterr().out
        assert (folder / "README.md").is_file()


def test_a_run_may_be_published_again_but_no_other_in_its_place(hub, study, run, capsys):
    other = study / "tutorial_inn" / "seed-2"
    assert [status(run, "--to", "hf://alice/inn") for _ in range(2)] == [0, 0]
    assert status(other, "--to", "hf://alice/inn") == 1
    assert "Not published: alice/inn is taken: its files are not of this run" in (
        capsys.readouterr().err
    )
    assert is_published(hub, run)
    assert status(other, "--to", "hf://alice/inn", "--replace") == 0
    assert is_published(hub, other)


def test_of_what_is_replaced_no_file_remains(hub, run, capsys):
    hub.add("alice/inn", pytorch_bin="weights", README_md="another model")
    before = dict(hub.repositories["alice/inn"])
    assert status(run, "--to", "hf://alice/inn") == 1
    assert hub.repositories["alice/inn"] == before
    assert status(run, "--to", "hf://alice/inn", "--replace") == 0
    assert set(hub.repositories["alice/inn"]) == FILES | set(NEW)


def test_an_empty_repository_is_filled(hub, run):
    hub.add("alice/inn")
    assert status(run, "--to", "hf://alice/inn") == 0
    assert is_published(hub, run)


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        ({"/whoami-v2": 401}, "the hub does not know the token of this machine"),
        ({"/repos/create": 403}, "may not write alice/inn: expected a token of its owner"),
        ({"/repos/create": 409}, "alice/inn is taken: someone has just made it"),
        ({"/whoami-v2": 418}, "the hub answered with status 418 (refused with 418)"),
    ],
)
def test_what_the_hub_refuses_leaves_nothing_there(hub, run, refused, reason, capsys):
    hub.refusals = refused
    assert status(run, "--to", "hf://alice/inn") == 1
    error = capsys.readouterr().err
    assert reason in error
    assert error.startswith("Not published: ")
    assert error.count("\n") == 1
    assert hub.repositories == {}


@pytest.mark.parametrize("refused", ["/commit/main", "/objects/batch", "/preupload/main"])
def test_what_breaks_off_is_said_and_goes_on(hub, run, refused, capsys):
    hub.refusals = {refused: 403}
    assert status(run, "--to", "hf://alice/inn") == 1
    error = capsys.readouterr().err
    assert "may not write alice/inn" in error
    assert "alice/inn is new and empty: try again to fill it" in error
    assert hub.repositories == {"alice/inn": NEW}
    hub.refusals = {}
    assert status(run, "--to", "hf://alice/inn") == 0
    assert is_published(hub, run)


def test_a_repository_that_changes_meanwhile_is_left_alone(hub, run, capsys, monkeypatch):
    hub.add("alice/inn")
    modes = hub.modes

    def changed(*arguments, **found):
        hub.repositories["alice/inn"]["notes.md"] = b"mine"
        hub.commits["alice/inn"] += 1
        return modes(*arguments, **found)

    monkeypatch.setattr(hub, "modes", changed)
    assert status(run, "--to", "hf://alice/inn") == 1
    assert "was changed by someone else meanwhile" in capsys.readouterr().err
    assert hub.repositories["alice/inn"] == {**NEW, "notes.md": b"mine"}


def test_the_name_of_someone_else(hub, run, capsys):
    assert status(run, "--to", "hf://bob/inn") == 1
    assert "may not write bob/inn" in capsys.readouterr().err
    assert hub.repositories == {}


def test_without_a_token_the_hub_is_not_asked(hub, run, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    assert status(run, "--to", "hf://alice/inn") == 1
    assert "Not published: no token for the Hugging Face hub: log in" in capsys.readouterr().err
    assert hub.calls == []


def test_without_a_network(hub, run, capsys, monkeypatch):
    with socket.socket() as silent:  # bound, but nobody listens
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", address)
        assert status(run, "--to", "hf://alice/inn") == 1
    error = capsys.readouterr().err
    assert f"Not published: cannot reach the hub at {address} (" in error
    assert "or write the folder with --dry-run" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("alice/inn", "expected hf://USER/NAME. Received: alice/inn"),
        ("hf://inn", "expected hf://USER/NAME. Received: hf://inn"),
        ("hf://alice/", "expected hf://USER/NAME. Received: hf://alice/"),
        ("hf://alice/inn/main", "expected hf://USER/NAME. Received: hf://alice/inn/main"),
        ("hf://alice/my inn", "'alice/my inn'"),
    ],
)
def test_no_name_of_a_repository_is_wrong_usage(hub, run, address, reason, capsys):
    assert status(run, "--to", address) == 2
    assert reason in capsys.readouterr().err
    assert hub.calls == []


def without(name):
    return lambda folder: (folder / name).unlink()


def unfinished(folder):
    content = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**content, "state": "stopped"}))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (shutil.rmtree, "seed-1: expected the folder of one trained model, such as"),
        (shutil.rmtree, "Received: no such folder"),
        (without("run.json"), "Received: a folder without it"),
        (without("model.keras"), "expected the trained model model.keras. Received: none"),
        (without("../../cifar.json"), "expected a folder MODEL/seed-N of a study. Received: "),
        (unfinished, "expected a run that is finished. Received: stopped after 2 epochs"),
        (lambda folder: (folder / "run.json").write_text("{}"), "not a run of this program"),
        (lambda folder: (folder / "model.keras").write_text(""), "expected a model that Keras"),
    ],
)
def test_no_trained_model_is_wrong_usage(hub, study, tmp_path, change, reason, capsys):
    shutil.copytree(study, tmp_path / "cifar")
    folder = tmp_path / "cifar" / "tutorial_inn" / "seed-1"
    change(folder)
    assert status(folder, "--to", "hf://alice/inn") == 2
    assert reason in capsys.readouterr().err
    assert hub.repositories == {}


def test_a_run_outside_of_its_study_is_wrong_usage(hub, study, tmp_path, capsys):
    shutil.copytree(study, tmp_path / "cifar")
    folder = tmp_path / "cifar" / "tutorial_inn" / "seed-1"
    folder = folder.rename(folder.with_name("best"))
    assert status(folder, "--to", "hf://alice/inn") == 2
    assert "Received: a run that is not part of it" in capsys.readouterr().err


def test_without_huggingface_hub_it_is_said_what_to_install(run, capsys, monkeypatch):
    monkeypatch.setattr("bench.cifar.publish.__main__.find_spec", lambda _: None)
    assert status(run, "--to", "hf://alice/inn") == 2
    assert "pip install -e . --group publish" in capsys.readouterr().err


def test_the_hub_on_loopback_names_files_as_git_does():
    # `git hash-object` of a file with the word test and a line break.
    assert git_hash(b"test\n") == "9daeafb9864cf43055ae93beb0afd6c7d144bfa4"
