"""Names of things: values in an order that a reader expects, whatever a file holds."""

from hypothesis import given
from hypothesis import strategies as st

from reports.text import words


def test_numbers_in_strings_are_ordered_by_size():
    values = ["16x16, K3", "8x8, K11", "8x8, K3", "8x8", "008x8, K4", "a"]
    expected = ["8x8", "8x8, K3", "008x8, K4", "8x8, K11", "16x16, K3", "a"]
    assert words.in_order(values) == expected


@given(st.lists(st.integers(0, 2000)))
def test_strings_of_numbers_are_ordered_as_the_numbers(numbers):
    assert words.in_order(map(str, numbers)) == list(map(str, sorted(set(numbers))))


@given(st.lists(st.text("0123456789x², ٣") | st.integers() | st.floats(allow_nan=False)))
def test_any_values_have_an_order_and_come_once(values):
    found = words.in_order(values)
    assert len(found) == len(set(values))
    assert set(found) == set(values)


def test_a_number_of_very_many_digits_is_no_fault():
    assert words.in_order(["9" * 5000, "10"]) == ["10", "9" * 5000]
