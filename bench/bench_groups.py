"""Sweep over the groups: of involution's kernels, and of a grouped convolution."""

from collections.abc import Callable

from bench import operators
from bench.sweeps import Sweep

SWEEP = Sweep(
    "groups",
    fields=("groups",),
    values={
        "quick": (1, 4),
        "default": (1, 4, 16, 64),
        "full": (1, 2, 4, 8, 16, 32, 64),
    },
)

# In the other sweeps its number of groups would be arbitrary.
OPERATORS = (*operators.OPERATORS, operators.GROUPED_CONVOLUTION)


def bench_groups(measure: Callable[[], None]) -> None:
    measure()
