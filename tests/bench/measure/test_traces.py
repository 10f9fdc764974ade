from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.measure import traces

STEP = 10**9


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), min_size=1, max_size=12))
def test_a_device_is_busy_while_any_event_lasts(events):
    is_busy = np.zeros(60, dtype=bool)
    for start, duration in events:
        is_busy[start : start + duration] = True
    found = traces.busy((STEP * start, STEP * duration) for start, duration in events)
    assert found == pytest.approx(is_busy.sum() * STEP / 1e12)


def test_without_an_event_nothing_is_known():
    assert traces.busy([]) is None


def test_without_a_gpu_there_is_no_time_of_the_device():
    assert traces.busy_seconds(lambda: None) is None


def test_the_events_of_gpus_alone_count(monkeypatch):
    def plane(name, *events):
        line = SimpleNamespace(
            timestamp_ns=5,
            events=[SimpleNamespace(offset_ps=at, duration_ps=size) for at, size in events],
        )
        return SimpleNamespace(name=name, lines=[line])

    planes = [plane("/host:CPU", (0, 10**12)), plane("/device:GPU:0", (0, 10**9), (10**10, 10**9))]
    monkeypatch.setattr(traces, "_traced", lambda call, **levels: (planes, call()))
    called = []
    assert traces.busy_seconds(lambda: called.append(1)) == pytest.approx(2e-3)
    assert called == [1]
