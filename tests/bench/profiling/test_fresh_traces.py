"""Fresh traces: their numbers, against each other and against the overview of the profiler."""

import json

import pytest
from xprof.convert.raw_to_tool_data import xspace_to_tool_data

from bench.profiling.__main__ import main
from bench.profiling.parts import OTHER
from bench.profiling.reading import overview_steps, read
from reports.profiling.record import Trace
from tests.bench.profiling.conftest import STEPS

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize("run", ["convolution", "involution-fused"])
def test_steps_are_those_of_the_overview(traces, run):
    folder = traces / f"{run}-training-kernel_size3"
    files = [str(path) for path in folder.glob("plugins/profile/*/*.xplane.pb")]
    shown = overview_steps(json.loads(xspace_to_tool_data(files, "overview_page", {})[0]))
    reading = read(folder)
    counted = list(shown.values())
    if len(counted) > STEPS:  # of a short trace it counts the first step and the last, too
        counted = counted[1:-1]
    assert len(counted) == STEPS
    assert [step.seconds for step in reading.steps] == pytest.approx(counted)
    assert all(step.operations for step in reading.steps)
    assert reading.peak_bytes
