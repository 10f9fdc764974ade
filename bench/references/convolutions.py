"""Dense, grouped, depthwise and separable convolution."""

from dataclasses import replace
from functools import partial
from math import prod

import numpy as np

from bench.references.rounding import Growth
from bench.references.sums import multiplied, multiplied_gradients
from bench.references.truth import Array, Asked, Exact, Reference, Truth, summed
from bench.references.windows import SampledWindows


def convolution(asked: Asked) -> Truth:
    """Return the results of `keras.layers.Conv2D`: for each tap a product with a matrix.

    Args:
        asked: with a kernel of (rows, columns, channels / groups, filters).

    Returns:
        Outputs; in training also the gradients for inputs and kernel.
    """
    windows, upstream = asked.windows, asked.upstream
    (kernel,) = asked.trainable
    per_group, filters = kernel.shape[2:]
    taps = prod(kernel.shape[:2])
    padded = windows.padded(asked.inputs)
    matrices = _matrices(kernel, asked.case.groups)
    outputs = np.zeros((len(windows.numbers), asked.case.groups, filters // asked.case.groups))
    for row, pixels in enumerate(windows.rows()):
        for group, taken in enumerate(_by_groups(padded[pixels], asked.case.groups)):
            outputs[:, group] += taken @ matrices[row, group]
    found = Exact(outputs.reshape(-1, filters), Growth().then(taps * per_group))
    if upstream is None:
        return Truth(found)
    to_inputs, to_kernel = _gradients(windows, padded, kernel, upstream)
    gradients = (
        Exact(to_inputs, Growth().then(taps * filters // asked.case.groups)),
        summed(to_kernel, Growth(), asked.inputs, upstream),
    )
    return Truth(found, upstream, gradients)


def depthwise_convolution(asked: Asked) -> Truth:
    """Return the results of `keras.layers.DepthwiseConv2D`: for each tap one factor per channel.

    Args:
        asked: with a kernel of (rows, columns, channels, 1).

    Returns:
        Outputs; in training also the gradients for inputs and kernel.
    """
    windows, upstream = asked.windows, asked.upstream
    (kernel,) = asked.trainable
    factors = kernel.reshape(1, -1, asked.case.channels)
    padded = windows.padded(asked.inputs)
    outputs = multiplied(windows, padded, factors)
    growth = Growth().then_taps(factors.shape[1])
    if upstream is None:
        return Truth(Exact(outputs, growth))
    to_inputs, to_factors = multiplied_gradients(windows, padded, factors, upstream)
    to_kernel = to_factors.sum(axis=0).reshape(kernel.shape)
    gradients = (
        Exact(to_inputs, growth),
        summed(to_kernel, Growth(), asked.inputs, upstream),
    )
    return Truth(Exact(outputs, growth), upstream, gradients)


def separable_convolution(asked: Asked) -> Truth:
    """Return the results of `keras.layers.SeparableConv2D`: depthwise, then pointwise.

    Args:
        asked: with kernels of (rows, columns, channels, 1) and (1, 1, channels, filters).

    Returns:
        Outputs; in training also the gradients for inputs and both kernels.
    """
    windows, upstream = asked.windows, asked.upstream
    kernel, pointwise = asked.trainable
    factors = kernel.reshape(1, -1, asked.case.channels)
    matrix = pointwise[0, 0]
    padded = windows.padded(asked.inputs)
    between = multiplied(windows, padded, factors)
    growth = Growth().then_taps(factors.shape[1])
    outputs = Exact(between @ matrix, growth.then(len(matrix)))
    if upstream is None:
        return Truth(outputs)
    to_between = upstream @ matrix.T
    behind = Growth().then(matrix.shape[1])
    to_inputs, to_factors = multiplied_gradients(windows, padded, factors, to_between)
    to_kernel = to_factors.sum(axis=0).reshape(kernel.shape)
    to_pointwise = (between.T @ upstream).reshape(pointwise.shape)
    gradients = (
        Exact(to_inputs, behind.then_taps(factors.shape[1])),
        summed(to_kernel, behind, asked.inputs, to_between),
        summed(to_pointwise, growth, between, upstream),
    )
    return Truth(outputs, upstream, gradients)


def _biased(reference: Reference, asked: Asked) -> Truth:
    """Return the results of a convolution that adds its last weight, one number per filter."""
    *weights, bias = asked.trainable
    truth = reference(replace(asked, trainable=weights))
    outputs = Exact(truth.outputs.values + bias, truth.outputs.growth.then(1))
    if truth.upstream is None:
        return Truth(outputs)
    to_bias = summed(truth.upstream.sum(axis=0), Growth(), truth.upstream)
    return Truth(outputs, truth.upstream, (*truth.gradients, to_bias))


# Each once, since results are kept by reference.
convolution_with_bias: Reference = partial(_biased, convolution)
depthwise_convolution_with_bias: Reference = partial(_biased, depthwise_convolution)
separable_convolution_with_bias: Reference = partial(_biased, separable_convolution)


def _matrices(kernel: Array, groups: int) -> Array:
    """Return for each row of taps and each group a matrix from its pixels to its filters.

    Args:
        kernel: (rows, columns, channels / groups, filters).
        groups: of channels.

    Returns:
        (rows, groups, columns * channels / groups, filters / groups).
    """
    rows, columns, per_group, filters = kernel.shape
    split = kernel.reshape(rows, columns * per_group, groups, filters // groups)
    return np.ascontiguousarray(split.transpose(0, 2, 1, 3))


def _by_groups(taken: Array, groups: int) -> Array:
    """Return for each group the pixels under a row of taps, one window a row of a matrix.

    Args:
        taken: (windows, columns, channels).
        groups: of channels.

    Returns:
        (groups, windows, columns * channels / groups).
    """
    windows, columns, channels = taken.shape
    split = taken.reshape(windows, columns, groups, channels // groups)
    return split.transpose(2, 0, 1, 3).reshape(groups, windows, -1)


def _gradients(
    windows: SampledWindows, padded: Array, kernel: Array, upstream: Array
) -> tuple[Array, Array]:
    """Return the gradients for the inputs and for the kernel."""
    taps, per_group = kernel.shape[1:3]
    groups = windows.case.groups
    matrices = _matrices(kernel, groups)
    to_padded, to_matrices = np.zeros_like(padded), np.empty_like(matrices)
    of_groups = upstream.reshape(len(upstream), groups, -1).transpose(1, 0, 2)
    for row, pixels in enumerate(windows.rows()):
        to_matrices[row] = _by_groups(padded[pixels], groups).transpose(0, 2, 1) @ of_groups
        to_taken = of_groups @ np.ascontiguousarray(matrices[row].transpose(0, 2, 1))
        to_taken = to_taken.reshape(groups, -1, taps, per_group).transpose(2, 1, 0, 3)
        for tap, to_pixels in zip(pixels.T, to_taken, strict=True):
            to_padded[tap] += to_pixels.reshape(len(tap), -1)
    to_kernel = to_matrices.transpose(0, 2, 1, 3).reshape(kernel.shape)
    return windows.cropped(to_padded), to_kernel
