"""A pytest plugin that adds to the sweeps an operator that cannot run."""

from dataclasses import replace

from bench import operators


def _fail(case):
    raise MemoryError("no room for this operator")


operators.OPERATORS = (
    operators.BASELINE,
    replace(operators.BASELINE, name="broken", build=_fail),
)
