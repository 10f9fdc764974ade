import argparse
from types import SimpleNamespace

import pytest

from bench.session import options
from bench.session.options import timeout


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("--shard=3/2", "expected i/n with 1 <= i <= n. Received: 3/2"),
        ("--sweep-size=huge", "quick"),
        ("--processes=0", "expected an integer of at least 1. Received: 0"),
        ("--precision=0", "expected a percentage above 0, below 100. Received: 0"),
    ],
)
def test_wrong_values_are_refused(word, reason, capsys):
    parser = argparse.ArgumentParser()
    # pytest's parser hands on to argparse what it is told of an option.
    group = SimpleNamespace(addoption=parser.add_argument)
    options.add(SimpleNamespace(getgroup=lambda *_: group))
    with pytest.raises(SystemExit):
        parser.parse_args([word])
    error = capsys.readouterr().err
    assert word.partition("=")[0] in error
    assert reason in error


@pytest.mark.parametrize(
    ("seconds", "limit"),
    [(None, 60.0), (0, 0.0), pytest.param(2.5, 2.5, marks=pytest.mark.posix)],
)
def test_the_time_limit_is_that_of_the_sweep_size_unless_it_is_given(seconds, limit):
    assert timeout(_config(seconds)) == limit


def test_a_time_limit_below_zero_is_refused():
    with pytest.raises(pytest.UsageError, match=r"at least 0\. Received: -3"):
        timeout(_config(-3))


def test_a_time_limit_is_refused_where_the_system_has_no_timer(monkeypatch):
    monkeypatch.setattr(options.limit, "IS_POSSIBLE", False)
    with pytest.raises(pytest.UsageError, match="expected a system with timer signals"):
        timeout(_config(2.5))
    assert timeout(_config(0)) == 0.0


def _config(seconds):
    return SimpleNamespace(option=SimpleNamespace(timeout=seconds, sweep_size="quick"))
