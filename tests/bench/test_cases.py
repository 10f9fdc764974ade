import pytest

from bench.cases import Case


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("batch", 0, "batch=0"),
        ("height", -1, "height=-1"),
        ("kernel_size", (3, 0), r"two of them. Received: kernel_size=\(3, 0\)"),
        ("filters", 5, "Received: groups=4, channels=64, filters=5"),
        ("padding", "full", "Received: padding='full'"),
        ("groups", 5, "Received: groups=5, channels=64"),
        ("dtype", "int8", "Received: dtype='int8'"),
        ("direction", "backward", "Received: direction='backward'"),
    ],
)
def test_bad_cases_are_refused_with_what_came(name, value, message):
    with pytest.raises(ValueError, match=message):
        Case(**{name: value})


def test_equal_cases_compare_as_equal():
    assert Case(kernel_size=(7, 7), filters=64) == Case()
    assert Case(kernel_size=(3, 7)) != Case(kernel_size=(7, 3))


def test_no_window_fits():
    with pytest.raises(ValueError, match="must hold at least one window"):
        Case(height=6, padding="valid")


@pytest.mark.parametrize(
    ("changes", "outputs"),
    [
        ({}, (8, 32, 32, 64)),
        ({"strides": (1, 3), "filters": 8}, (8, 32, 11, 8)),
        ({"padding": "valid", "kernel_size": (3, 5), "dilation_rate": 2}, (8, 28, 24, 64)),
    ],
)
def test_sizes_of_outputs(changes, outputs):
    assert Case(**changes).outputs == outputs


def test_a_record_holds_sides_as_one_word():
    keys = Case(kernel_size=(3, 7), strides=2).keys
    assert (keys["kernel_size"], keys["strides"], keys["filters"]) == ("3x7", 2, 64)
