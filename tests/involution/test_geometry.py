import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from involution import geometry
from tests.involution import loop

PADDINGS = st.sampled_from(["same", "valid", 0, 1, 2, 5])
LINES = st.tuples(
    st.integers(1, 20), st.integers(1, 6), st.integers(1, 4), st.integers(1, 3), PADDINGS
)


@given(line=LINES)
def test_windows_and_borders_agree_with_counting(line):
    size, kernel_size, stride, dilation, padding = line
    before, after, windows = loop.borders(size, kernel_size, stride, dilation, padding)
    arguments = ((kernel_size,) * 2, (stride,) * 2, (dilation,) * 2, padding)
    if windows < 1:
        with pytest.raises(ValueError, match="at least one window"):
            geometry.output_sizes((size, size), *arguments)
        return
    assert geometry.output_sizes((size, None), *arguments) == (windows, None)
    assert geometry.borders((size, size), *arguments) == ((before, after),) * 2


@given(line=LINES)
def test_scalar_tensors_give_the_same_as_integers(line):
    size, kernel_size, stride, dilation, padding = line
    if loop.borders(*line)[2] < 1:
        return
    arguments = ((kernel_size,) * 2, (stride,) * 2, (dilation,) * 2, padding)
    tensors = (tf.constant(size), tf.constant(size))
    for function in (geometry.output_sizes, geometry.borders):
        known, unknown = function((size, size), *arguments), function(tensors, *arguments)
        assert tf.nest.map_structure(int, unknown) == known


@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3", None, (1,), (1, 2, 3), (1, 0)])
def test_pair_refuses_what_is_not_one_or_two_positive_integers(value):
    with pytest.raises(ValueError, match=r"strides.*Received: strides="):
        geometry.pair(value, "strides")


def test_pair_repeats_an_integer_and_keeps_two():
    assert geometry.pair(3, "strides") == (3, 3)
    assert geometry.pair([2, 1], "strides") == (2, 1)


@pytest.mark.parametrize("value", ["full", -1, 1.5, None, True, (1, 1)])
def test_padding_refuses_anything_else(value):
    with pytest.raises(ValueError, match="Received: padding="):
        geometry.checked_padding(value)


def test_padding_ignores_case():
    assert geometry.checked_padding("SAME") == "same"
