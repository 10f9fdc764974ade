"""A pytest plugin that adds to the sweeps an operator that never comes to an end."""

import time
from dataclasses import replace

from bench import operators


def _wait(case):
    time.sleep(600)


operators.OPERATORS = (
    operators.BASELINE,
    replace(operators.BASELINE, name="slow", build=_wait),
)
