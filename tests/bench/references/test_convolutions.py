from dataclasses import replace

import numpy as np
import pytest

from bench.cases import Case
from bench.references.convolutions import (
    convolution,
    depthwise_convolution,
    separable_convolution,
)
from tests.bench.references.problems import ask, assert_gradients_are_derivatives
from tests.involution.loop import borders

CASE = Case(batch=2, height=6, width=5, channels=4, kernel_size=3, groups=2)
GEOMETRIES = [
    CASE,
    replace(CASE, strides=2),
    replace(CASE, kernel_size=5, strides=3, groups=1),
    replace(CASE, kernel_size=1, strides=2, groups=4),
]
each_geometry = pytest.mark.parametrize("case", GEOMETRIES, ids=lambda case: case.label)


def looped(case, inputs, kernel, groups):
    """A convolution as plain loops, from its definition."""
    (top, bottom, rows), (left, right, columns) = (
        borders(size, case.kernel_size, case.strides, "same", 1) for size in inputs.shape[1:3]
    )
    padded = np.pad(inputs, [(0, 0), (top, bottom), (left, right), (0, 0)])
    per_group, filters = kernel.shape[2:]
    outputs = np.zeros((len(inputs), rows, columns, filters))
    for h, w, i, j, c, f in np.ndindex(rows, columns, *kernel.shape):
        channel = f // (filters // groups) * per_group + c
        pixel = padded[:, h * case.strides + i, w * case.strides + j, channel]
        outputs[:, h, w, f] += kernel[i, j, c, f] * pixel
    return outputs


def depthwise(case, inputs, kernel):
    """A convolution with as many groups as channels."""
    of_groups = np.moveaxis(kernel, 3, 2)  # (rows, columns, 1, channels)
    return looped(case, inputs, of_groups, case.channels)


def kernel_shape(case):
    return (case.kernel_size, case.kernel_size, case.channels // case.groups, case.channels)


@each_geometry
def test_convolution_equals_loops(case):
    asked = ask(case, kernel_shape(case))
    expected = looped(case, asked.inputs, *asked.trainable, case.groups)
    found = convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_depthwise_and_separable_convolution_equal_loops(case):
    asked = ask(case, (case.kernel_size, case.kernel_size, 4, 1))
    between = depthwise(case, asked.inputs, *asked.trainable)
    found = depthwise_convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(between), atol=1e-12)
    asked = ask(case, *asked.trainable, (1, 1, 4, 4))
    pointwise = replace(case, kernel_size=1, strides=1)
    between = depthwise(case, asked.inputs, asked.trainable[0])
    expected = looped(pointwise, between, asked.trainable[1], groups=1)
    found = separable_convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_gradients_are_derivatives(case):
    case = replace(case, direction="training")
    depthwise_kernel = (case.kernel_size, case.kernel_size, 4, 1)
    assert_gradients_are_derivatives(convolution, ask(case, kernel_shape(case)))
    assert_gradients_are_derivatives(depthwise_convolution, ask(case, depthwise_kernel))
    asked = ask(case, depthwise_kernel, (1, 1, 4, 4))
    assert_gradients_are_derivatives(separable_convolution, asked)
