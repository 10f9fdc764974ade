"""Sweep over the stride."""

from collections.abc import Callable

from bench.sweeps import Sweep

SWEEP = Sweep(
    "stride",
    fields=("strides",),
    values={
        "quick": (1, 2),
        "default": (1, 2, 4),
        "full": (1, 2, 3, 4, 5, 6, 7, 8),
    },
)


def bench_stride(measure: Callable[[], None]) -> None:
    measure()
