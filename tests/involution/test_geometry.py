from typing import get_args

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from involution import geometry
from tests.involution import loop

PADDINGS = st.sampled_from(["same", "valid", 0, 1, 2, 5])
LINES = st.tuples(
    st.integers(1, 20), st.integers(1, 6), st.integers(1, 4), PADDINGS, st.integers(1, 3)
)


def windows_of(vertical, horizontal):
    """Return the sizes and the geometry of two lines with one padding."""
    sizes, kernel_size, strides, (padding, _), dilation_rate = zip(
        vertical, horizontal, strict=True
    )
    return sizes, {
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": padding,
        "dilation_rate": dilation_rate,
    }


def with_padding(line, padding):
    return (*line[:3], padding, line[4])


@given(vertical=LINES, horizontal=LINES)
def test_windows_and_borders_agree_with_counting(vertical, horizontal):
    horizontal = with_padding(horizontal, vertical[3])
    sizes, windows = windows_of(vertical, horizontal)
    (top, bottom, rows), (left, right, columns) = (
        loop.borders(*line) for line in (vertical, horizontal)
    )
    if min(rows, columns) < 1:
        with pytest.raises(ValueError, match="at least one window"):
            geometry.output_sizes(sizes, **windows)
        return
    assert geometry.output_sizes(sizes, **windows) == (rows, columns)
    assert geometry.output_sizes((sizes[0], None), **windows) == (rows, None)
    assert geometry.output_sizes((None, sizes[1]), **windows) == (None, columns)
    assert geometry.borders(sizes, **windows) == ((top, bottom), (left, right))


@given(line=LINES)
def test_scalar_tensors_give_the_same_as_integers(line):
    if loop.borders(*line)[2] < 1:
        return
    sizes, windows = windows_of(line, line)
    tensors = tuple(map(tf.constant, sizes))
    for function in (geometry.output_sizes, geometry.borders):
        known, unknown = function(sizes, **windows), function(tensors, **windows)
        assert tf.nest.map_structure(int, unknown) == known


@given(line=LINES)
def test_same_padding_has_a_window_for_each_stride_and_borders_that_fit(line):
    size, kernel_size, stride, _, dilation = line
    sizes, windows = windows_of(*[with_padding(line, "same")] * 2)
    count, _ = geometry.output_sizes(sizes, **windows)
    (before, after), _ = geometry.borders(sizes, **windows)
    assert (count - 1) * stride < size <= count * stride
    assert after - before in (0, 1)
    reach = (count - 1) * stride + (kernel_size - 1) * dilation + 1
    assert before + size + after >= reach
    assert before + after == 0 or before + size + after == reach


@given(line=LINES, more=st.integers(1, 5))
def test_a_stride_more_of_pixels_is_a_window_more(line, more):
    if loop.borders(*line)[2] < 1:
        return
    sizes, windows = windows_of(line, line)
    count, _ = geometry.output_sizes(sizes, **windows)
    larger = [size + more * line[2] for size in sizes]
    assert geometry.output_sizes(larger, **windows) == (count + more,) * 2


@given(line=LINES, zeros=st.integers(0, 5))
def test_integer_padding_is_valid_padding_of_a_larger_input(line, zeros):
    if loop.borders(*with_padding(line, zeros))[2] < 1:
        return
    sizes, padded = windows_of(*[with_padding(line, zeros)] * 2)
    larger, valid = windows_of(*[(line[0] + 2 * zeros, *line[1:3], "valid", line[4])] * 2)
    assert geometry.output_sizes(sizes, **padded) == geometry.output_sizes(larger, **valid)
    assert geometry.borders(sizes, **padded) == ((zeros, zeros),) * 2
    assert geometry.borders(larger, **valid) == ((0, 0),) * 2


@pytest.mark.parametrize(
    ("padding", "sizes", "borders"),
    [
        ("same", (3, 5), ((1, 2), (1, 1))),
        ("valid", (2, 4), ((0, 0), (0, 0))),
        (2, (3, 6), ((2, 2), (2, 2))),
    ],
)
def test_a_case_by_hand(padding, sizes, borders):
    """Windows of 5 x 4 pixels, 3 and 2 apart, on 8 x 10 pixels."""
    windows = {
        "kernel_size": (3, 2),
        "strides": (3, 2),
        "padding": padding,
        "dilation_rate": (2, 3),
    }
    assert geometry.output_sizes((8, 10), **windows) == sizes
    assert geometry.borders((8, 10), **windows) == borders


def test_a_window_that_just_fits_and_one_that_does_not():
    windows = {"kernel_size": (3, 3), "strides": (1, 1), "padding": "valid"}
    assert geometry.output_sizes((5, 5), **windows, dilation_rate=(2, 2)) == (1, 1)
    for sizes in ((4, 5), (5, 4)):
        with pytest.raises(ValueError, match="one window") as refusal:
            geometry.output_sizes(sizes, **windows, dilation_rate=(2, 2))
        assert str(refusal.value) == (
            f"The input must hold at least one window. Received: (height, width)={sizes}, "
            "kernel_size=(3, 3), padding='valid', dilation_rate=(2, 2)"
        )


def test_dimensions_must_be_two():
    windows = {"kernel_size": (3, 3), "strides": (1, 1), "padding": 0, "dilation_rate": (1, 1)}
    for function in (geometry.output_sizes, geometry.borders):
        with pytest.raises(ValueError, match=r"shorter|longer"):
            function((5, 5, 5), **windows)


@pytest.mark.parametrize("check", [geometry.pair, geometry.odd_pair])
@pytest.mark.parametrize("value", [0, -1, 2.0, True, "3", None, (1,), (1, 2, 3), (1, 0), {1, 3}])
def test_pairs_refuse_what_is_not_one_or_two_positive_integers(check, value):
    with pytest.raises(ValueError, match="strides") as refusal:
        check(value, "strides")
    assert str(refusal.value) == (
        f"`strides` must be a positive integer or two of them. Received: strides={value!r}"
    )


@pytest.mark.parametrize("value", [2, (1, 2), [4, 3]])
def test_an_odd_pair_refuses_even_numbers(value):
    with pytest.raises(ValueError, match="odd") as refusal:
        geometry.odd_pair(value, "kernel_size")
    assert str(refusal.value) == (
        f"`kernel_size` must be odd, so that a window has a centre. Received: kernel_size={value!r}"
    )


def test_pairs_repeat_an_integer_and_keep_two():
    assert geometry.pair(3, "strides") == (3, 3)
    assert geometry.pair([2, 1], "strides") == (2, 1)
    assert geometry.pair(1, "strides") == (1, 1)
    assert geometry.odd_pair((1, 5), "kernel_size") == (1, 5)


def test_numpys_integers_become_pythons():
    for number in (
        *geometry.pair(np.int64(2), "strides"),
        geometry.positive(np.int32(2), "groups"),
    ):
        assert (type(number), number) == (int, 2)


@pytest.mark.parametrize("value", [0, -2, 1.0, True, None, "1", (1,)])
def test_positive_refuses_anything_else(value):
    with pytest.raises(ValueError, match="groups") as refusal:
        geometry.positive(value, "groups")
    assert str(refusal.value) == f"`groups` must be a positive integer. Received: groups={value!r}"


def test_positive_keeps_its_value():
    assert [geometry.positive(value, "groups") for value in (1, 2, 7)] == [1, 2, 7]


@pytest.mark.parametrize("value", ["full", "", -1, 1.5, None, True, (1, 1)])
def test_padding_refuses_anything_else(value):
    with pytest.raises(ValueError, match="padding") as refusal:
        geometry.checked_padding(value)
    assert str(refusal.value) == (
        f'`padding` must be "same", "valid" or a non-negative integer. Received: padding={value!r}'
    )


def test_padding_ignores_case_and_keeps_integers():
    assert geometry.checked_padding("SAME") == "same"
    assert geometry.checked_padding("Valid") == "valid"
    assert geometry.checked_padding(0) == 0
    assert type(geometry.checked_padding(np.int64(3))) is int


def test_the_type_of_padding_names_the_words_that_are_taken():
    words, integer = get_args(geometry.Padding)
    assert integer is int
    assert [geometry.checked_padding(word) for word in get_args(words)] == ["same", "valid"]


@given(value=st.integers(-50, 50))
def test_at_least_zero_is_the_maximum_with_zero(value):
    assert geometry.at_least_zero(value) == max(value, 0)
    assert int(geometry.at_least_zero(tf.constant(value))) == max(value, 0)
