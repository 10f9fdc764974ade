"""Numbers as text: three digits, fitting prefixes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.text import units

finite = st.floats(1e-9, 1e15)


@given(finite)
def test_three_digits_are_within_half_a_percent(value):
    assert float(units.digits(value)) == pytest.approx(value, rel=5.1e-3)


@given(finite)
def test_digits_have_no_exponent_and_at_most_three_before_needless_zeros(value):
    text = units.digits(value)
    assert "e" not in text
    assert len(text.replace(".", "").lstrip("0")) >= min(3, len(str(int(value))))


@given(finite, st.sampled_from([units.SECONDS, units.BYTES, units.COUNTS]))
def test_a_quantity_reads_back(value, prefixes):
    number, _, symbol = units.quantity(value, prefixes).partition(" ")
    size = {unit.symbol: unit.size for unit in prefixes}[symbol]
    assert float(number) * size == pytest.approx(value, rel=5.1e-3)


@given(st.floats())
def test_no_float_breaks_the_formatting(value):
    for text in (units.digits(value), units.ratio(value), units.bracket(value, 1.0)):
        assert text


@pytest.mark.parametrize(
    ("value", "prefixes", "text"),
    [
        (0.0019, units.SECONDS, "1.90 ms"),
        (9.996e-4, units.SECONDS, "1.00 ms"),
        (73.0, units.SECONDS, "73.0 s"),
        (1023.9, units.BYTES, "1.00 KiB"),
        (3.5 * 2**30, units.BYTES, "3.50 GiB"),
        (6_400_000, units.COUNTS, "6.40 M"),
        (0, units.COUNTS, "0"),
        (math.nan, units.SECONDS, units.UNKNOWN),
    ],
)
def test_quantities(value, prefixes, text):
    assert units.quantity(value, prefixes) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "0.12x"), (0.996, "1.00x"), (0.0169, "0.017x"), (9.996, "10.0x"), (175.2, "175x")],
)
def test_ratios(value, text):
    assert units.ratio(value) == text


def test_a_column_takes_the_unit_of_its_median():
    assert units.common([1e-6, 2e-3, 3e-3, math.nan], units.SECONDS).symbol == "ms"
    assert units.common([], units.SECONDS).symbol == "s"
