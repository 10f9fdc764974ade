"""Relations between results of `involve` that hold whatever the numbers are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from involution import involve
from involution.ops import IMPLEMENTATIONS

GROUPS, GROUP_CHANNELS = 3, 2
SIZES = (7, 11)

# Few geometries, since each is compiled.
GEOMETRIES = [
    {"strides": (1, 1), "padding": "same", "dilation_rate": (1, 1)},
    {"strides": (2, 3), "padding": "same", "dilation_rate": (1, 2)},
    {"strides": (2, 1), "padding": 2, "dilation_rate": (2, 1)},
]
WINDOWS = [(7, 11), (4, 4), (4, 13)]

pytestmark = [
    pytest.mark.parametrize("implementation", IMPLEMENTATIONS),
    pytest.mark.parametrize("case", range(len(GEOMETRIES))),
]
seeds = st.integers(0, 2**32 - 1)
factors = st.floats(-4, 4)


def numbers(seed, case):
    """Return the generator of random numbers, inputs and kernels."""
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(2, *SIZES, GROUPS * GROUP_CHANNELS))
    kernels = random.normal(size=(2, *WINDOWS[case], 3, 3, GROUPS))
    return random, inputs, kernels


def outputs_of(inputs, kernels, case, implementation):
    return involve(inputs, kernels, **GEOMETRIES[case], implementation=implementation).numpy()


def assert_equal(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-11)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, a=factors, b=factors)
def test_outputs_are_linear_in_the_inputs(case, implementation, seed, a, b):
    random, first, kernels = numbers(seed, case)
    second = random.normal(size=first.shape)
    together = outputs_of(a * first + b * second, kernels, case, implementation)
    apart = [outputs_of(inputs, kernels, case, implementation) for inputs in (first, second)]
    assert_equal(together, a * apart[0] + b * apart[1])


@settings(max_examples=10, deadline=None)
@given(seed=seeds, a=factors, b=factors)
def test_outputs_are_linear_in_the_kernels(case, implementation, seed, a, b):
    random, inputs, first = numbers(seed, case)
    second = random.normal(size=first.shape)
    together = outputs_of(inputs, a * first + b * second, case, implementation)
    apart = [outputs_of(inputs, kernels, case, implementation) for kernels in (first, second)]
    assert_equal(together, a * apart[0] + b * apart[1])


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_permuting_channels_within_groups_permutes_the_outputs(case, implementation, seed):
    random, inputs, kernels = numbers(seed, case)
    within = [
        group * GROUP_CHANNELS + random.permutation(GROUP_CHANNELS) for group in range(GROUPS)
    ]
    order = np.concatenate(within)
    permuted = outputs_of(inputs[..., order], kernels, case, implementation)
    assert_equal(permuted, outputs_of(inputs, kernels, case, implementation)[..., order])


@settings(max_examples=10, deadline=None)
@given(seed=seeds, order=st.permutations(range(GROUPS)))
def test_permuting_groups_with_their_kernels_permutes_the_outputs(
    case, implementation, seed, order
):
    _, inputs, kernels = numbers(seed, case)
    channels = np.arange(GROUPS * GROUP_CHANNELS).reshape(GROUPS, -1)[order].ravel()
    permuted = outputs_of(inputs[..., channels], kernels[..., order], case, implementation)
    assert_equal(permuted, outputs_of(inputs, kernels, case, implementation)[..., channels])


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_permuting_images_permutes_the_outputs(case, implementation, seed):
    _, inputs, kernels = numbers(seed, case)
    swapped = outputs_of(inputs[::-1], kernels[::-1], case, implementation)
    assert_equal(swapped, outputs_of(inputs, kernels, case, implementation)[::-1])


@settings(max_examples=10, deadline=None)
@given(seed=seeds, axis=st.sampled_from([1, 2]))
def test_shifting_inputs_by_a_stride_shifts_the_outputs_by_one_window(
    case, implementation, seed, axis
):
    """Inputs and kernels move together; windows that reach beyond the input are left out."""
    _, inputs, kernels = numbers(seed, case)
    stride = GEOMETRIES[case]["strides"][axis - 1]
    outputs = outputs_of(inputs, kernels, case, implementation)
    shifted = outputs_of(
        np.roll(inputs, stride, axis), np.roll(kernels, 1, axis), case, implementation
    )
    inner = whole_windows(case)
    moved = [
        slice(span.start + 1, span.stop) if dimension == axis - 1 else span
        for dimension, span in enumerate(inner)
    ]
    before = [
        slice(span.start, span.stop - 1) if dimension == axis - 1 else span
        for dimension, span in enumerate(inner)
    ]
    found, expected = shifted[:, moved[0], moved[1]], outputs[:, before[0], before[1]]
    assert found.size
    assert_equal(found, expected)


def whole_windows(case):
    """Return the rows and the columns of windows that are inside the input."""
    geometry = GEOMETRIES[case]
    spans = []
    for axis, size in enumerate(SIZES):
        stride, reach = geometry["strides"][axis], 2 * geometry["dilation_rate"][axis]
        zeros = geometry["padding"]
        if zeros == "same":
            zeros = max((WINDOWS[case][axis] - 1) * stride + reach + 1 - size, 0) // 2
        starts = [window * stride - zeros for window in range(WINDOWS[case][axis])]
        inside = [i for i, start in enumerate(starts) if start >= 0 and start + reach < size]
        spans.append(slice(inside[0], inside[-1] + 1))
    return spans
