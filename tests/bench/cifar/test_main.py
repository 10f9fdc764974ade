"""The command line: wrong usage and missing images stop it before any work."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from bench.cifar.__main__ import main
from tests.bench.cifar import published

OLD = Path(__file__).parents[2] / "reports" / "cifar" / "golden" / "format-1" / "cifar.json"


def status(*arguments):
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--epochs", "0"], "expected a whole number above 0. Received: 0"),
        (["--batch", "many"], "expected a whole number above 0. Received: many"),
        (["--learning-rate", "-1"], "expected a number above 0. Received: -1"),
        (["--models"], "expected at least one argument"),
        (["--models", "vgg"], "no such model"),
        (["--dataset", "imagenet"], "invalid choice"),
        (["--nonsense"], "unrecognized arguments"),
        (["--timeout", "60"], "--timeout: it is about the nodes of a cluster"),
        (["--only", "H100"], "--only: it is about the nodes of a cluster"),
        (["--address", "a:1", "--profile"], "--profile: it is about this machine"),
        (["--address", "a:1", "--devices", "GPU:0"], "--devices: it is about this machine"),
    ],
)
def test_wrong_usage_is_status_2(arguments, reason, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert status(*arguments) == 2
    assert reason in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"format": 3}', '{"format": 2}'])
def test_a_folder_that_cannot_be_resumed(content, tmp_path, capsys):
    (tmp_path / "cifar.json").write_text(content)
    assert status("-o", tmp_path) == 2
    assert "cannot be resumed" in capsys.readouterr().err
    assert (tmp_path / "cifar.json").read_text() == content


def test_a_study_of_format_1_is_not_resumed(tmp_path, capsys):
    shutil.copy(OLD, tmp_path)
    before = (tmp_path / OLD.name).read_bytes()
    assert status("-o", tmp_path) == 2
    error = capsys.readouterr().err
    assert "cannot be resumed (Written in format 1: parameters include non-trainable" in error
    assert "--output FOLDER" in error
    assert (tmp_path / OLD.name).read_bytes() == before


def test_a_file_in_place_of_the_folder(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert status("-o", tmp_path / "file") == 2
    assert "expected a folder" in capsys.readouterr().err


@pytest.mark.posix
@pytest.mark.parametrize("name", ["new/cifar.json", "tensorboard", "tensorboard/new", "profile"])
def test_what_cannot_be_written_is_refused_before_the_images_are_read(
    name, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("bench.cifar.command.data.load", lambda *_: pytest.fail("worked first"))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    assert status("-o", tmp_path / "new", "--profile") == 2
    assert "cannot" in capsys.readouterr().err
    assert (tmp_path / name).is_fifo()


def test_bad_data_is_status_1_and_writes_nothing(tmp_path, capsys):
    assert status("--data", tmp_path / "none", "-o", tmp_path / "new") == 1
    assert "none: no such file or folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_network_is_status_1_and_says_both_ways_out(tmp_path, capsys, monkeypatch):
    def fail():
        raise Exception("URL fetch failure")  # noqa: TRY002 - as Keras does

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    assert status("-o", tmp_path / "new") == 1
    error = capsys.readouterr().err
    assert "connect this machine to the network" in error
    assert "--data PATH" in error


@pytest.mark.posix
def test_a_cluster_that_does_not_answer_is_wrong_usage(tmp_path, capsys):
    np.savez(tmp_path / "cifar.npz", **published.arrays())
    with socket.socket() as silent:  # bound, but nobody listens
        silent.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        options = ["--data", tmp_path / "cifar.npz", "--address", address]
        assert status(*options, "-o", tmp_path / "new") == 2
    assert "expected a Ray cluster that answers" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_cluster_of_windows_is_refused(tmp_path, capsys, monkeypatch):
    np.savez(tmp_path / "cifar.npz", **published.arrays())
    monkeypatch.setattr("bench.cifar.command.os", SimpleNamespace(name="nt"))
    options = ["--data", tmp_path / "cifar.npz", "--address", "auto", "-o", tmp_path / "new"]
    assert status(*options) == 2
    assert "--address: expected Linux or macOS. Received: " in capsys.readouterr().err


@pytest.mark.posix
def test_without_ray_it_is_said_what_to_install(tmp_path, capsys, monkeypatch):
    np.savez(tmp_path / "cifar.npz", **published.arrays())
    monkeypatch.setattr("bench.cifar.command.find_spec", lambda _: None)
    options = ["--data", tmp_path / "cifar.npz", "--address", "auto", "-o", tmp_path / "new"]
    assert status(*options) == 2
    assert "expected Ray: pip install -e . --group cluster" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_help_names_every_model_and_needs_no_tensorflow():
    check = (
        "import sys; from bench.cifar.options import parser;"
        "text = parser().format_help();"
        "names = ('tutorial_inn_wide', 'tutorial_cnn_involution', 'rednetDwW');"
        "sys.exit('tensorflow' in sys.modules or not all(name in text for name in names))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
