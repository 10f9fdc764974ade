"""Traces on the page: words, tables and bars against the planted numbers."""

import re

import pytest

from reports import kinds
from reports.output.html import render
from reports.profiling.load import read
from reports.profiling.view import show
from tests.reports.profiling.traces import CONVOLUTION, INVOLUTION, model, numbers, operator, write

TRAINING = numbers(
    "involution-fused-training",
    operator("involution", "fused", "training"),
    {"kernel generation": 0.001, "core gradients": 0.004, "other": 0.0},
    generation_share=0.2,
)
TUTORIAL = numbers("tutorial_inn-training", model("tutorial_inn"), {"core": 0.1, "other": 0.05})


@pytest.fixture
def part(tmp_path):
    return show([read(write(tmp_path / "profile", INVOLUTION, CONVOLUTION, TRAINING, TUTORIAL))])[0]


def test_the_headline_is_the_share_of_generation(part):
    assert part.headlines == [
        (
            "In involution (fused), generating the kernels takes 75 % (forward) and 20 % "
            "(training) of the time of generation and core together."
        )
    ]


def test_without_involution_the_headline_is_the_largest_part(tmp_path):
    found = show([read(write(tmp_path / "profile", CONVOLUTION))])[0]
    assert found.headlines == ["convolution: 95 % of a step is convolution."]


def test_a_step_that_its_parts_do_not_explain_is_a_warning(part):
    (warning,) = part.warnings
    assert warning.startswith("In tutorial_inn-training no operation runs for 33 % of a step")


def test_one_figure_a_direction_and_one_of_models(part):
    assert [picture.title for picture in part.view.pictures] == [
        "Forward: 32 x 32 x 64, kernel 7, stride 1, batch 8, float32",
        "Training: 32 x 32 x 64, kernel 7, stride 1, batch 8, float32",
        "Training steps of whole models",
    ]
    legend = [entry.label for entry in part.view.pictures[0].legend]
    assert legend == ["kernel generation", "core", "convolution", "dispatch", "other"]


def test_bars_are_as_long_as_the_parts(part):
    share = part.view.pictures[1].panels[1].body
    colours = {"kernel generation": "#009e73", "core gradients": "#eaaf80"}
    lengths = {}
    for name, colour in colours.items():
        path = re.search(rf'd="M[^h]*h([\d.]+)[^"]*" fill="{colour}', share)
        assert path
        lengths[name] = float(path[1])
    assert lengths["core gradients"] == pytest.approx(4 * lengths["kernel generation"], abs=0.25)


def test_bars_of_one_subject_traced_twice_are_named_by_their_runs(tmp_path):
    again = {**INVOLUTION, "run": "involution-fused-forward-2"}
    found = show([read(write(tmp_path / "profile", INVOLUTION, again))])[0]
    assert "involution-fused-forward-2: 4.60 ms" in found.view.pictures[0].panels[0].description


def test_the_page_has_the_longest_operations_and_the_command(tmp_path):
    folder = write(tmp_path / "profile", INVOLUTION)
    page = render(kinds.read([folder]))
    assert "a/kernel generation" in page
    assert f"tensorboard --logdir {folder.as_posix()}" in page
