"""Sweep over the kernel size."""

from collections.abc import Callable

from bench import operators
from bench.sweeps import Sweep

SWEEP = Sweep(
    "kernel_size",
    fields=("kernel_size",),
    values={
        "quick": (3, 7),
        "default": (3, 5, 7, 11),
        "full": (1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
    },
)

# What it costs to store kernels or windows grows with their size.
OPERATORS = (*operators.OPERATORS, *operators.INVOLUTIONS)


def bench_kernel_size(measure: Callable[[], None]) -> None:
    measure()
