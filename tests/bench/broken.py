"""A pytest plugin that adds to the sweeps operators that cannot run, or have no costs."""

from dataclasses import replace

from bench import operators


def _fail(case):
    raise MemoryError("no room for this operator")


def _divide(case):
    raise ZeroDivisionError("no formula for this case")


operators.OPERATORS = (
    operators.BASELINE,
    replace(operators.BASELINE, name="broken", build=_fail),
    replace(operators.BASELINE, name="costless", costs=_divide),
)
