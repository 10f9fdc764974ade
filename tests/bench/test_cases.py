import pytest

from bench.cases import Case


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("batch", 0, "batch=0"),
        ("height", -1, "height=-1"),
        ("kernel_size", 4, "must be odd. Received: kernel_size=4"),
        ("groups", 5, "Received: groups=5, channels=64"),
        ("dtype", "int8", "Received: dtype='int8'"),
        ("direction", "backward", "Received: direction='backward'"),
    ],
)
def test_bad_cases_are_refused_with_what_came(name, value, message):
    with pytest.raises(ValueError, match=message):
        Case(**{name: value})
