"""Sweep over the data type."""

from collections.abc import Callable

from bench.cases import Case
from bench.sweeps import Sweep
from reports.sources.case import DTYPES

SWEEP = Sweep(
    "dtype",
    fields=("dtype",),
    values={"quick": (), "default": (), "full": tuple(Case(dtype=dtype) for dtype in DTYPES)},
)


def bench_dtype(measure: Callable[[], None]) -> None:
    measure()
