"""What runs before each timed call: the operator itself, or a wash of the caches."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from bench.measure.backend import ACCELERATED, writer

Cache = Literal["warm", "cold"]

# A call that takes this long fills the caches anew by itself: memory of the size of a last cache is
# read in one to two thousandths of a second. So it needs no untimed call before it.
LONG_CALL = 0.1
# A wash writes this many times the last cache, which then holds nothing else.
WASHES = 2
# Where the system does not tell: as large as the last caches of most processors, and of a GPU's.
UNKNOWN_CACHE = 64 * 2**20
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


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
    return call if seconds < LONG_CALL else _nothing


def _nothing() -> None:
    """Run nothing."""


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
