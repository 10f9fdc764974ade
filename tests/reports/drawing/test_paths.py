"""Data of SVG paths: the reader of a browser must find the numbers that were written."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path

from reports.drawing.paths import numbers, relative

# The grammar of numbers in SVG paths, as SVG 1.1 has it.
NUMBER = re.compile(r"-?(?:\d+\.\d*|\.\d+|\d+)")
tenths = st.integers(-5000, 5000)


@given(st.lists(tenths))
def test_numbers_are_read_as_they_were_written(values):
    read = [round(10 * float(number)) for number in NUMBER.findall(numbers(values))]
    assert read == values


@given(st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400)), min_size=1, max_size=20))
def test_steps_lead_through_the_corners(corners):
    start, shape = relative(Path(corners))
    here = np.array(start)
    reached = [here]
    for command, rest in re.findall(r"([lhv])([^lhv]*)", shape):
        steps = [round(10 * float(number)) for number in NUMBER.findall(rest)]
        full = {"l": steps, "h": [*steps, 0], "v": [0, *steps]}[command]
        here = here + full
        reached.append(here)
    # Half a tenth for the start, and half a tenth for the corner.
    assert np.abs(np.array(reached) / 10 - corners).max() <= 0.1 + 1e-9


def test_equal_shapes_are_equal_wherever_they_are():
    square = Path.unit_rectangle()
    shapes = {
        relative(Path(square.vertices + np.array(place), square.codes))[1]
        for place in [(0, 0), (3.14159, 2.71828), (100.05, 99.95)]
    }
    assert shapes == {"h1v1h-1z"}


def test_curves_stay_curves():
    circle = Path.unit_circle()
    assert relative(circle)[1].count("c") == 8


@pytest.mark.parametrize("codes", [None, np.array([Path.MOVETO, Path.STOP], dtype=np.uint8)])
def test_a_path_without_steps_is_a_point(codes):
    vertices = [(1.0, 2.0)] if codes is None else [(1.0, 2.0), (0.0, 0.0)]
    assert relative(Path(vertices, codes)) == ((10, 20), "")
    assert relative(Path(np.empty((0, 2)))) == ((0, 0), "")
