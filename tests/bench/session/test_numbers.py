import argparse

import pytest

from bench.session.numbers import at_least_one, percent


@pytest.mark.parametrize(("word", "value"), [("1", 1.0), ("0.5%", 0.5), ("99", 99.0)])
def test_precision_is_read_with_or_without_its_sign(word, value):
    assert percent(word) == value


@pytest.mark.parametrize("word", ["0", "-1", "100", "nan", "much", ""])
def test_what_is_no_precision_is_refused(word):
    with pytest.raises(argparse.ArgumentTypeError, match=rf"Received: {word}$"):
        percent(word)


@pytest.mark.parametrize("word", ["0", "-1", "two", "1.5", "", "\u00b2"])
def test_what_is_no_count_is_refused(word):
    with pytest.raises(argparse.ArgumentTypeError, match=rf"at least 1\. Received: {word}$"):
        at_least_one(word)
