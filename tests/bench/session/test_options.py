import argparse
from types import SimpleNamespace

import pytest

from bench.session.options import percent, timeout


@pytest.mark.parametrize(("word", "value"), [("1", 1.0), ("0.5%", 0.5), ("99", 99.0)])
def test_precision_is_read_with_or_without_its_sign(word, value):
    assert percent(word) == value


@pytest.mark.parametrize("word", ["0", "-1", "100", "nan", "much", ""])
def test_what_is_no_precision_is_refused(word):
    with pytest.raises(argparse.ArgumentTypeError, match=rf"Received: {word}$"):
        percent(word)


@pytest.mark.parametrize(("seconds", "limit"), [(None, 60.0), (0, 0.0), (2.5, 2.5)])
def test_the_time_limit_is_that_of_the_sweep_size_unless_it_is_given(seconds, limit):
    assert timeout(_config(seconds)) == limit


def test_a_time_limit_below_zero_is_refused():
    with pytest.raises(pytest.UsageError, match=r"at least 0\. Received: -3"):
        timeout(_config(-3))


def _config(seconds):
    return SimpleNamespace(option=SimpleNamespace(timeout=seconds, sweep_size="quick"))
