import pytest

from bench.measure import spent as spent_module
from bench.measure.spent import Spent


def test_seconds_of_a_purpose_add_up(monkeypatch):
    readings = iter([0.0, 2.0, 5.0, 6.0, 10.0, 13.0])
    monkeypatch.setattr(spent_module, "perf_counter", lambda: next(readings))
    spent = Spent()
    with spent.on("rounds"):
        pass
    with spent.on("checks"):
        pass
    with pytest.raises(ZeroDivisionError), spent.on("rounds"):
        raise ZeroDivisionError
    assert spent.seconds == {"rounds": 5.0, "checks": 1.0}
