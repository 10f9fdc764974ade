"""Cases on a command line."""

import pytest

from bench.cases import Case
from bench.parsing import parse_case


def test_a_case_may_name_its_direction():
    assert parse_case("direction=training,dtype=float64") == (
        Case(direction="training", dtype="float64"),
        ("training",),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kernel=3", "Received: 'kernel=3'"),
        ("height", "Received: 'height'"),
        ("height=8,height=9", "each KEY once"),
        ("height=tall", "Received: height='tall'"),
        ("kernel_size=4", "Received: kernel_size=4"),
        ("direction=backward", "Received: direction='backward'"),
        ("", "Received: ''"),
    ],
)
def test_a_case_that_is_none(text, message):
    with pytest.raises(ValueError, match=message):
        parse_case(text)
