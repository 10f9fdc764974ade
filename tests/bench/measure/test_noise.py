import re
import subprocess
import sys
import time
from collections import namedtuple
from types import SimpleNamespace

import psutil
import pytest

from bench.measure import noise
from bench.measure.noise import OtherLoad, doubts


def test_a_clean_timing_has_no_note():
    assert doubts([1.0, 1.01, 0.99] * 10, others=0.1) == []


@pytest.mark.parametrize(
    ("seconds", "others", "note"),
    [
        ([1.0] * 30, 0.8, "other processes kept 0.8 cores busy"),
        ([1.0] * 15 + [1.3] * 15, 0.0, r"took \+30% at the end"),
        ([1.0] * 15 + [0.8] * 15, 0.0, r"took -20% at the end"),
    ],
)
def test_each_doubt_is_a_note_of_its_own(seconds, others, note):
    found = doubts(seconds, others=others)
    assert len(found) == 1
    assert re.search(note, found[0])


@pytest.fixture
def processor(monkeypatch):
    """A processor whose seconds, in all and of this process, are what the test adds to them."""
    now = SimpleNamespace(clock=0.0, user=0.0, system=0.0, idle=0.0, own_user=0.0, own_system=0.0)
    monkeypatch.setattr(noise, "perf_counter", lambda: now.clock)
    monkeypatch.setattr(
        psutil,
        "cpu_times",
        lambda: namedtuple("T", "user system idle")(now.user, now.system, now.idle),
    )
    own = namedtuple("Own", "user system")
    monkeypatch.setattr(
        psutil,
        "Process",
        lambda: SimpleNamespace(cpu_times=lambda: own(now.own_user, now.own_system)),
    )
    return now


def test_only_what_others_use_is_load(processor):
    load = OtherLoad()
    assert load.cores() == 0  # no time has passed
    # Two seconds of four cores: this process used 3.5 core seconds, others 1.5, 3 were idle.
    processor.clock += 2.0
    processor.own_user, processor.own_system = 3.0, 0.5
    processor.user, processor.system, processor.idle = 4.0, 1.0, 3.0
    assert load.cores() == pytest.approx(1.5 / 2)


def test_a_pause_is_no_load(processor):
    load = OtherLoad()
    processor.clock, processor.user = 2.0, 1.0
    with load.paused():  # another process has its turn
        processor.clock, processor.user = 5.0, 13.0
    processor.clock, processor.user = 7.0, 15.0
    assert load.cores() == pytest.approx(3.0 / 4)


def test_this_process_alone_is_no_load(processor):
    load = OtherLoad()
    processor.clock += 1.0
    # The system's counter lags behind that of the process by a step of 10 ms.
    processor.own_user, processor.user, processor.idle = 1.0, 0.99, 1.0
    assert load.cores() == 0


def test_the_load_of_a_real_process_is_seen():
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.2)
        load = OtherLoad()
        time.sleep(0.6)
        cores = load.cores()
    finally:
        busy.kill()
        busy.wait()
    assert cores > 0.2
