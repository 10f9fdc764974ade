from dataclasses import replace

import numpy as np
import pytest

from bench.cases import Case
from bench.references.attention import local_attention, self_attention
from tests.bench.attending import everywhere, local
from tests.bench.references.problems import ask, assert_gradients_are_derivatives

CASE = Case(batch=2, height=6, width=5, channels=4, kernel_size=3, groups=2)
GEOMETRIES = [
    CASE,
    replace(CASE, strides=2),
    replace(CASE, kernel_size=5, strides=3, groups=1),
    replace(CASE, kernel_size=7, strides=2, groups=4),
    replace(CASE, kernel_size=1),
    replace(CASE, kernel_size=(5, 1), strides=(1, 2)),
    replace(CASE, height=9, kernel_size=(3, 5), strides=(2, 1), dilation_rate=(3, 2)),
]
each_geometry = pytest.mark.parametrize("case", GEOMETRIES, ids=lambda case: case.label)
SQUARES = [(4, 4)] * 3


def heads(case):
    """The shapes of the weights of Keras's layer."""
    size = case.channels // case.groups
    return [(4, case.groups, size)] * 3 + [(case.groups, size, 4)]


@each_geometry
def test_local_attention_equals_loops(case):
    asked = ask(case, *SQUARES)
    geometry = {name: sides for name, sides in case.windows.items() if name != "padding"}
    expected = local(asked.inputs, asked.trainable, case.groups, **geometry)
    found = local_attention(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_attention_equals_loops(case):
    asked = ask(case, *heads(case))
    *first, last = (weights.reshape(4, 4) for weights in asked.trainable)
    expected = everywhere(asked.inputs, first, last, case.groups, case.windows["strides"])
    found = self_attention(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_gradients_are_derivatives(case):
    case = replace(case, direction="training")
    assert_gradients_are_derivatives(local_attention, ask(case, *SQUARES))
    assert_gradients_are_derivatives(self_attention, ask(case, *heads(case)))


@pytest.mark.parametrize("turn", [0, 3])
def test_windows_are_sampled_from_many(turn):
    case = replace(CASE, batch=3, height=31, width=30, channels=2, direction="training")
    for reference, weights in (
        (local_attention, [(2, 2)] * 3),
        (self_attention, [(2, 2, 1)] * 3 + [(2, 1, 2)]),
    ):
        asked = ask(case, *weights, turn=turn)
        assert len(asked.windows.numbers) < 3 * 31 * 30
        assert_gradients_are_derivatives(reference, asked)
