"""What runs before each timed call: the operator itself, or a wash of the caches."""

from collections.abc import Callable
from functools import cache, partial
from math import ceil
from pathlib import Path
from typing import Literal

from bench.measure.backend import ACCELERATED, writer

Cache = Literal["warm", "cold"]

# A call that takes this long fills the caches by itself: memory of the size of a last cache is read
# in one to two thousandths of a second. So it needs no untimed call before it.
LONG_CALL = 0.1
# What ran before leaves more than its data: the clock of the cores, too, which takes thousandths of
# a second to follow. So an operator is first called untimed for so many seconds, or so often.
WARMING = 0.004
MOST_WARMING_CALLS = 15
# A short call scatters most: by 10 to 25 % from call to call where it takes 1 to 3 ms, by 2 to 5 %
# where it takes 20. So in its turn a short operator is called again and again, as often as its
# calls fit into this time, in seconds; more calls than these tell little more.
TURN = 0.007
MOST_CALLS = 10
# A wash writes this many times the last cache, which then holds nothing else.
WASHES = 2
# Where the system does not tell: as large as the last caches of most processors, and of a GPU's.
UNKNOWN_CACHE = 64 * 2**20
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


def repeats(seconds: float, kind: Cache) -> int:
    """Return how often an operator is called in its turn of a round; the median call counts.

    Args:
        seconds: how long a call takes.
        kind: "warm" or "cold"; after a wash the second call would be warm.
    """
    if kind == "cold":
        return 1
    return min(max(int(TURN / seconds), 1), MOST_CALLS)


def before(call: Callable[[], object], seconds: float, kind: Cache) -> Callable[[], object]:
    """Return what runs before each timed call of an operator, untimed.

    Args:
        call: runs the operator once.
        seconds: how long a call takes.
        kind: "warm": the operator itself, so that no other operator's data are in its caches;
            "cold": a write over more memory than the caches hold.
    """
    if kind == "cold":
        return _wash()
    return partial(_again, call, _calls_before(seconds))


def _calls_before(seconds: float) -> int:
    if seconds >= LONG_CALL:
        return 0
    return min(max(ceil(WARMING / seconds), 1), MOST_WARMING_CALLS)


def _again(call: Callable[[], object], times: int) -> None:
    """Call an operator again and again."""
    for _ in range(times):
        call()


@cache
def _wash() -> Callable[[], object]:
    return writer(WASHES * last_cache_bytes())


def last_cache_bytes() -> int:
    """Return the size of the last cache of the device.

    Returns:
        The bytes, `UNKNOWN_CACHE` where the system does not tell, as on a GPU.
    """
    if ACCELERATED:
        return UNKNOWN_CACHE
    sizes = [path.read_text().strip() for path in CACHES.glob("index*/size")]
    found = [int(size[:-1]) * UNITS[size[-1]] for size in sizes if size[-1:] in UNITS]
    return max(found, default=UNKNOWN_CACHE)
