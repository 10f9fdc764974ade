from dataclasses import replace

import numpy as np
import pytest

from bench.cases import Case
from bench.references.convolutions import (
    convolution,
    convolution_with_bias,
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
    replace(CASE, kernel_size=(3, 4), strides=(1, 2)),
    replace(CASE, dilation_rate=(1, 2)),
    replace(CASE, kernel_size=(2, 3), padding="valid", strides=2, filters=6),
]
each_geometry = pytest.mark.parametrize("case", GEOMETRIES, ids=lambda case: case.label)


def looped(case, inputs, kernel, groups):
    """A convolution as plain loops, from its definition."""
    taps, (stride, stride_along), (dilation, dilation_along) = (
        case.windows[name] for name in ("kernel_size", "strides", "dilation_rate")
    )
    top, bottom, rows = borders(inputs.shape[1], taps[0], stride, case.padding, dilation)
    left, right, columns = borders(
        inputs.shape[2], taps[1], stride_along, case.padding, dilation_along
    )
    padded = np.pad(inputs, [(0, 0), (top, bottom), (left, right), (0, 0)])
    per_group, filters = kernel.shape[2:]
    outputs = np.zeros((len(inputs), rows, columns, filters))
    for h, w, i, j, c, f in np.ndindex(rows, columns, *kernel.shape):
        channel = f // (filters // groups) * per_group + c
        row, column = h * stride + i * dilation, w * stride_along + j * dilation_along
        pixel = padded[:, row, column, channel]
        outputs[:, h, w, f] += kernel[i, j, c, f] * pixel
    return outputs


def depthwise(case, inputs, kernel):
    """A convolution with as many groups as channels."""
    of_groups = np.moveaxis(kernel, 3, 2)  # (rows, columns, 1, channels)
    return looped(case, inputs, of_groups, case.channels)


def kernel_shape(case):
    return (*case.windows["kernel_size"], case.channels // case.groups, case.outputs[3])


@each_geometry
def test_convolution_equals_loops(case):
    asked = ask(case, kernel_shape(case))
    expected = looped(case, asked.inputs, *asked.trainable, case.groups)
    found = convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


def test_a_bias_is_added_to_each_filter():
    asked = ask(CASE, kernel_shape(CASE), (CASE.channels,))
    without = replace(asked, trainable=asked.trainable[:1])
    expected = convolution(without).outputs.values + asked.trainable[1]
    np.testing.assert_allclose(convolution_with_bias(asked).outputs.values, expected, atol=1e-12)


@each_geometry
def test_depthwise_and_separable_convolution_equal_loops(case):
    case = replace(case, filters=None)
    asked = ask(case, (*case.windows["kernel_size"], 4, 1))
    between = depthwise(case, asked.inputs, *asked.trainable)
    found = depthwise_convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(between), atol=1e-12)
    asked = ask(case, *asked.trainable, (1, 1, 4, 4))
    pointwise = replace(case, kernel_size=1, strides=1, dilation_rate=1)
    between = depthwise(case, asked.inputs, asked.trainable[0])
    expected = looped(pointwise, between, asked.trainable[1], groups=1)
    found = separable_convolution(asked).outputs.values
    np.testing.assert_allclose(found, asked.windows.of(expected), atol=1e-12)


@each_geometry
def test_gradients_are_derivatives(case):
    case = replace(case, direction="training")
    depthwise_kernel = (*case.windows["kernel_size"], 4, 1)
    assert_gradients_are_derivatives(convolution, ask(case, kernel_shape(case)))
    biased = ask(case, kernel_shape(case), (case.outputs[3],))
    assert_gradients_are_derivatives(convolution_with_bias, biased)
    case = replace(case, filters=None)
    assert_gradients_are_derivatives(depthwise_convolution, ask(case, depthwise_kernel))
    asked = ask(case, depthwise_kernel, (1, 1, 4, 4))
    assert_gradients_are_derivatives(separable_convolution, asked)
