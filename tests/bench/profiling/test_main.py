"""The command line, from its arguments to the numbers next to a trace."""

import json
import os

import pytest

from bench.profiling import tensorboard
from bench.profiling.__main__ import main
from bench.profiling.parts import OTHER
from bench.profiling.runs import fresh_run
from reports.profiling.record import Trace


def numbers(traces, run):
    return json.loads((traces / run / "numbers.json").read_text())


@pytest.mark.parametrize(
    ("run", "parts"),
    [
        ("convolution-training-kernel_size3", {"convolution", "convolution gradients"}),
        (
            "involution-fused-training-kernel_size3",
            {
                "kernel generation",
                "kernel generation gradients",
                "core",
                "core gradients",
                "gradient sums",
            },
        ),
    ],
)
def test_parts_add_up_to_the_step(traces, run, parts):
    found = numbers(traces, run)
    assert found["part_seconds"].keys() == parts | {"dispatch", OTHER}
    mean = sum(found["step_seconds"]) / len(found["step_seconds"])
    assert sum(found["part_seconds"].values()) == pytest.approx(mean)
    assert found["part_seconds"][OTHER] < 0.1 * mean
    of_operations = sum(operation["seconds"] for operation in found["operations"])
    overhead = found["part_seconds"]["dispatch"] + found["part_seconds"][OTHER]
    assert of_operations + overhead == pytest.approx(mean)


def test_share_of_generation(traces):
    found = numbers(traces, "involution-fused-training-kernel_size3")
    parts = found["part_seconds"]
    generation = parts["kernel generation"] + parts["kernel generation gradients"]
    core = parts["core"] + parts["core gradients"]
    assert found["generation_share"] == pytest.approx(generation / (generation + core))
    assert numbers(traces, "convolution-training-kernel_size3")["generation_share"] is None


def test_each_operation_ran_once_a_step(traces):
    found = numbers(traces, "convolution-training-kernel_size3")
    convolutions = [each for each in found["operations"] if "Conv2D" in each["kind"]]
    assert [each["occurrences"] for each in convolutions] == 3 * [len(found["step_seconds"])]


def test_peak_memory_holds_inputs_and_results(traces):
    found = numbers(traces, "convolution-training-kernel_size3")
    image = 4 * 8 * 32 * 32 * 64
    # The input, the output and the gradients of both are there at the end.
    assert 4 * image <= found["peak_memory_bytes"] < 12 * image


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


def test_each_line_names_its_run_once_with_its_steps(traces, monkeypatch, capsys, tmp_path):
    """The run has the subject's name; a second one has a number, and both names are told."""
    numbers = Trace.model_validate_json(
        (traces / "convolution-training-kernel_size3" / "numbers.json").read_text()
    )
    monkeypatch.setattr("bench.profiling.__main__.trace", lambda *_: None)
    monkeypatch.setattr("bench.profiling.__main__.record", lambda *_: numbers)
    case = "height=4,width=4,kernel_size=1,direction=forward"
    arguments = ["--operator", "convolution", "--case", case, "--results", str(tmp_path / "a b")]
    name = "convolution-forward-height4-width4-kernel_size1"
    for start in (f"[1/1] {name}: 4 steps, ", f"[1/1] {name} -> {name}-2: 4 steps, "):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert out.startswith(start)
        assert f"--logdir '{(tmp_path / 'a b').as_posix()}'" in out


def test_what_cannot_be_traced_is_told(monkeypatch, capsys, tmp_path):
    def broken(step, run, steps):
        raise RuntimeError("no profiler here")

    monkeypatch.setattr("bench.profiling.__main__.trace", broken)
    case = "height=4,width=4,kernel_size=1,direction=forward"
    arguments = ["--operator", "convolution", "--case", case]
    assert main([*arguments, "--results", str(tmp_path / "profile")]) == 1
    assert "RuntimeError: no profiler here" in capsys.readouterr().err
