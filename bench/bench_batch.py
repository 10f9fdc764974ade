"""Sweep over the batch size."""

from collections.abc import Callable

from bench.sweeps import Sweep

SWEEP = Sweep(
    "batch",
    fields=("batch",),
    values={"quick": (), "default": (), "full": (1, 2, 4, 8, 16, 32, 64)},
)


def bench_batch(measure: Callable[[], None]) -> None:
    measure()
