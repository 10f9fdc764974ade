import re
import subprocess
import sys
import time

import pytest

from bench.measure.noise import OtherLoad, doubts


def test_a_clean_timing_has_no_note():
    assert doubts([1.0, 1.01, 0.99] * 10, False, 0.1) == []


@pytest.mark.parametrize(
    ("seconds", "others", "note"),
    [
        ([1.0] * 6, 0.0, "only 6 rounds"),
        ([1.0] * 30, 0.8, "other processes kept 0.8 cores busy"),
        ([1.0] * 15 + [1.3] * 15, 0.0, r"took \+30% at the end"),
        ([1.0] * 15 + [0.8] * 15, 0.0, r"took -20% at the end"),
    ],
)
def test_each_doubt_is_a_note_of_its_own(seconds, others, note):
    found = doubts(seconds, len(seconds) == 6, others)
    assert len(found) == 1
    assert re.search(note, found[0])


def test_the_load_of_another_process_is_seen_and_ones_own_is_not():
    def cores(seconds):
        load = OtherLoad()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass
        return load.cores()

    alone = cores(0.3)
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.2)
        beside = cores(0.6)
    finally:
        busy.kill()
        busy.wait()
    assert alone >= 0
    assert beside > 0.2
