"""Sweep over the kernel size."""

from collections.abc import Callable
from dataclasses import replace

from bench import operators
from bench.cases import Case
from bench.operators import Operator
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


def _in_full(operator: Operator) -> Operator:
    """Let an operator take part at the kernel sizes that only the full sweep has."""

    def fit(case: Case) -> Case | None:
        return None if case.kernel_size in SWEEP.values["default"] else operator.fit(case)

    return replace(operator, fit=fit)


# What it costs to store kernels or windows grows with their size.
OPERATORS = (
    *operators.OPERATORS,
    *operators.INVOLUTIONS,
    *map(_in_full, operators.ATTENTIONS),
)


def bench_kernel_size(measure: Callable[[], None]) -> None:
    measure()
