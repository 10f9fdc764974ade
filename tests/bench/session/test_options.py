from types import SimpleNamespace

import pytest

from bench.session.options import timeout


@pytest.mark.parametrize(("seconds", "limit"), [(None, 60.0), (0, 0.0), (2.5, 2.5)])
def test_the_time_limit_is_that_of_the_sweep_size_unless_it_is_given(seconds, limit):
    assert timeout(_config(seconds)) == limit


def test_a_time_limit_below_zero_is_refused():
    with pytest.raises(pytest.UsageError, match=r"at least 0\. Received: -3"):
        timeout(_config(-3))


def _config(seconds):
    return SimpleNamespace(option=SimpleNamespace(timeout=seconds, sweep_size="quick"))
