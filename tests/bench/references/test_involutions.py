from dataclasses import replace
from math import prod

import numpy as np
import pytest

from bench.cases import Case
from bench.references.involutions import given_features, given_kernels, involution
from bench.references.rounding import Roundoff
from tests.bench.references.problems import ask, assert_gradients_are_derivatives
from tests.involution import loop

CASE = Case(batch=2, height=6, width=5, channels=8, kernel_size=3, groups=2)
GEOMETRIES = [
    CASE,
    replace(CASE, strides=2),
    replace(CASE, kernel_size=5, strides=3, groups=4),
    replace(CASE, kernel_size=(3, 5), strides=(2, 1), dilation_rate=(1, 2)),
    replace(CASE, padding="valid", strides=2),
    replace(CASE, kernel_size=7, padding=2, strides=2, height=9),
    replace(CASE, padding=2, strides=(3, 2)),
    replace(CASE, height=9, width=8, padding="valid", strides=(2, 3), dilation_rate=(3, 1)),
]
each_geometry = pytest.mark.parametrize("case", GEOMETRIES, ids=lambda case: case.label)
REDUCED = 3


def positions(case):
    return case.outputs[:3]


def kernels_of(case):
    return (*positions(case), *case.windows["kernel_size"], case.groups)


def geometry(case):
    return {name: value for name, value in case.windows.items() if name != "kernel_size"}


def numbers(case):
    return prod(case.windows["kernel_size"]) * case.groups


def ask_layer(case, **changes):
    shapes = (1, 1, 8, REDUCED), (REDUCED,), (REDUCED,), (1, 1, REDUCED, numbers(case))
    statistics = [np.array([0.1, -0.2, 0.3]), np.array([0.5, 1.0, 1.5])]
    return ask(case, *shapes, (numbers(case),), others=statistics, **changes)


def pooled(case, inputs):
    """The mean of the pixels of each stride, by loops, from the centre of a "valid" window on.

    With "same" padding an odd missing pixel is missing after, and what is missing does not count.
    """
    is_same = case.padding == "same"
    (vertical, horizontal), taps, dilations = (
        case.windows[name] for name in ("strides", "kernel_size", "dilation_rate")
    )
    zeros = case.padding if isinstance(case.padding, int) else 0
    firsts = [
        -((count * stride - size) // 2) if is_same else (tap - 1) // 2 * dilation - zeros
        for count, size, stride, tap, dilation in zip(
            positions(case)[1:],
            inputs.shape[1:3],
            (vertical, horizontal),
            taps,
            dilations,
            strict=True,
        )
    ]
    means = np.zeros((*positions(case), case.channels))
    for h, w in np.ndindex(*positions(case)[1:]):
        top, left = firsts[0] + h * vertical, firsts[1] + w * horizontal
        rows = slice(max(top, 0), max(top + vertical, 0))
        columns = slice(max(left, 0), max(left + horizontal, 0))
        inside = inputs[:, rows, columns]
        count = np.prod(inside.shape[1:3]) if is_same else vertical * horizontal
        means[:, h, w] = inside.sum(axis=(1, 2)) / count
    return means


def by_loops(case, asked, *, is_training):
    first, scale, shift, last, bias = asked.trainable
    products = pooled(case, asked.inputs) @ first[0, 0]
    mean, variance = asked.others
    if is_training:
        mean, variance = products.mean(axis=(0, 1, 2)), products.var(axis=(0, 1, 2))
    features = np.maximum((products - mean) / np.sqrt(variance + 1e-5) * scale + shift, 0)
    kernels = (features @ last[0, 0] + bias).reshape(kernels_of(case))
    return loop.involve(asked.inputs, kernels, **geometry(case))


@each_geometry
def test_given_kernels_equal_loops(case):
    asked = ask(replace(case, direction="training"), kernels_of(case))
    everywhere = asked.windows.among_all(asked.upstream)
    truth = given_kernels(asked)
    outputs = loop.involve(asked.inputs, *asked.trainable, **geometry(case))
    np.testing.assert_allclose(truth.outputs.values, asked.windows.of(outputs), atol=1e-12)
    expected = loop.involve(
        asked.inputs, *asked.trainable, **geometry(case), output_gradients=everywhere
    )
    for gradient, one_expected in zip(truth.gradients, expected, strict=True):
        np.testing.assert_allclose(gradient.values, one_expected, atol=1e-12)


@each_geometry
def test_given_features_equal_loops(case):
    asked = ask(case, (*positions(case), REDUCED), (REDUCED, numbers(case)), (numbers(case),))
    features, weights, bias = asked.trainable
    kernels = (features @ weights + bias).reshape(kernels_of(case))
    expected = loop.involve(asked.inputs, kernels, **geometry(case))
    found = given_features(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
@pytest.mark.parametrize("direction", ["forward", "training"])
def test_the_layer_equals_loops(case, direction):
    asked = ask_layer(replace(case, direction=direction))
    expected = by_loops(case, asked, is_training=direction == "training")
    found = involution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_gradients_are_derivatives(case):
    case = replace(case, direction="training")
    features = (*positions(case), REDUCED), (REDUCED, numbers(case)), (numbers(case),)
    assert_gradients_are_derivatives(given_features, ask(case, *features))
    assert_gradients_are_derivatives(involution, ask_layer(case))


def test_gradients_of_some_windows_are_derivatives():
    """Of a large input the upstream gradient is zero but for some windows."""
    case = replace(CASE, batch=4, height=33, width=20, direction="training")
    asked = ask_layer(case, turn=1)
    assert len(asked.windows.numbers) < 4 * 33 * 20 / 2
    assert_gradients_are_derivatives(involution, asked)


def test_no_gradient_is_asked_for_at_the_kink_of_relu():
    coarse = Roundoff(stored=2**-8, summed=2**-24)
    asked = replace(ask_layer(replace(CASE, direction="training")), roundoff=coarse)
    upstream = involution(asked).upstream
    is_left_out = (upstream == 0).all(axis=1)
    assert 0 < is_left_out.sum() < len(upstream)
    np.testing.assert_array_equal(upstream[~is_left_out], asked.upstream[~is_left_out])
    first, scale, shift, *_ = asked.trainable
    products = asked.inputs.reshape(-1, 8) @ first[0, 0]
    z = (products - products.mean(axis=0)) / np.sqrt(products.var(axis=0) + 1e-5) * scale + shift
    distance = np.abs(z).min(axis=1)[asked.windows.numbers]
    assert distance[is_left_out].max() < distance[~is_left_out].min()
