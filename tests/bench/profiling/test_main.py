"""The command line: what it refuses, and what it says where nothing can be traced."""

import os

import pytest

from bench.profiling import tensorboard
from bench.profiling.__main__ import main
from bench.profiling.runs import fresh_run


def test_a_run_is_never_overwritten(tmp_path):
    folders = [fresh_run(tmp_path / "profile", "a") for _ in range(3)]
    assert [folder.name for folder in folders] == ["a", "a-2", "a-3"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--case", "kernel_size=4"], "Received: kernel_size=4"),
        (["--model", "rednet50", "--case", "height=8"], "--model traces whole models"),
        (["--batch", "4"], "--case batch=N"),
        (["--steps", "0"], "Received: steps=0"),
        (["--model", "vgg"], "invalid choice: 'vgg'"),
    ],
)
def test_wrong_usage(arguments, message, capsys, tmp_path):
    with pytest.raises(SystemExit, match="2"):
        main([*arguments, "--results", str(tmp_path / "profile")])
    assert message in capsys.readouterr().err


def test_without_the_plugin_the_extra_is_named(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(tensorboard, "find_spec", lambda name: None if name == "xprof" else name)
    assert main(["--results", str(tmp_path / "profile")]) == 1
    error = capsys.readouterr().err
    assert "xprof not installed" in error
    assert "--group profile" in error
    assert not list(tmp_path.iterdir())


@pytest.mark.posix
@pytest.mark.parametrize("name", ["profile", "profile/profile.json"])
def test_a_folder_that_cannot_be_written_is_refused_before_any_work(name, capsys, tmp_path):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(SystemExit, match="2"):
        main(["--results", str(tmp_path / "profile")])
    assert "profile" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["profile"]


def test_what_cannot_be_traced_is_told(monkeypatch, capsys, tmp_path):
    def broken(step, run, steps):
        raise RuntimeError("no profiler here")

    monkeypatch.setattr("bench.profiling.__main__.trace", broken)
    case = "height=4,width=4,kernel_size=1,direction=forward"
    arguments = ["--operator", "convolution", "--case", case]
    assert main([*arguments, "--results", str(tmp_path / "profile")]) == 1
    assert "RuntimeError: no profiler here" in capsys.readouterr().err
