"""Sweep over the size of the input."""

from collections.abc import Callable

from bench.sweeps import Sweep

SWEEP = Sweep(
    "resolution",
    fields=("height", "width"),
    values={
        "quick": (8, 16),
        "default": (8, 16, 32, 64),
        "full": (4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128),
    },
)


def bench_resolution(measure: Callable[[], None]) -> None:
    measure()
