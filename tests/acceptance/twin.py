"""A pytest plugin: copies of dense convolution compete with it, slowed by a planted share."""

import os
from dataclasses import dataclass, replace
from time import perf_counter

from bench import operators
from bench.measure import prepared
from bench.measure.calls import Call

SLOWER = float(os.environ.get("SLOWER", "0"))
COPIES = int(os.environ.get("COPIES", "1"))
prepare = prepared.prepare


@dataclass(frozen=True)
class Slowed(Call):
    """A call that takes a share longer than it needs."""

    def __call__(self):
        start = perf_counter()
        results = super().__call__()
        end = start + (1 + SLOWER) * (perf_counter() - start)
        while perf_counter() < end:
            pass
        return results


def prepare_slowed(operator, case):
    """Slow the copies down, and leave the baseline and its twin alone."""
    call = prepare(operator, case)
    if operator.name == operators.BASELINE.name or not SLOWER:
        return call
    return Slowed(call.layer, call.function, call.arguments)


operators.OPERATORS = (
    operators.BASELINE,
    *(replace(operators.BASELINE, name=f"copy{number}") for number in range(COPIES)),
)
prepared.prepare = prepare_slowed
