"""Sweep over kernel size and resolution at once: a map of where involution is faster."""

from collections.abc import Callable
from itertools import product

from bench import operators
from bench.cases import Case
from bench.sweeps import Sweep, SweepSize

# Kernel size, then height and width.
SIZES: dict[SweepSize, tuple[tuple[int, int], ...]] = {
    "quick": (),
    "default": tuple(product((3, 7, 11), (8, 16, 32))),
    "full": tuple(product((3, 5, 7, 9, 11), (8, 16, 32, 64, 112))),
}

SWEEP = Sweep(
    "grid",
    fields=("label",),
    values={
        sweep_size: tuple(
            Case(height=side, width=side, kernel_size=kernel_size) for kernel_size, side in sizes
        )
        for sweep_size, sizes in SIZES.items()
    },
)

# The other operators are in the sweeps over kernel size and resolution.
OPERATORS = (operators.OPERATORS[0], operators.OPERATORS[-1])


def bench_grid(measure: Callable[[], None]) -> None:
    measure()
