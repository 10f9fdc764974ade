"""The formulas of the costs against TensorFlow's counter on random cases."""

import random
from dataclasses import replace

from bench.cases import Case
from bench.measure.calls import prepare
from bench.operators import (
    BASELINE,
    DEPTHWISE_CONVOLUTION,
    GROUPED_CONVOLUTION,
    SEPARABLE_CONVOLUTION,
)
from reports.sources.case import DIRECTIONS

COUNTED = (BASELINE, DEPTHWISE_CONVOLUTION, SEPARABLE_CONVOLUTION, GROUPED_CONVOLUTION)


def test_formulas_agree_with_the_counter(option, say):
    chance = random.Random(option("--seed"))
    wrong, cases = [], option("--cases")
    for number in range(cases):
        operator = COUNTED[number % len(COUNTED)]
        case = operator.fit(_random_case(chance))
        if operator.name != "convolution":  # the counter does not know the gradients of others
            case = replace(case, direction="forward")
        counted, formula = prepare(operator, case).counted_flops(), operator.costs(case).flops
        if counted != formula:
            wrong.append(f"{operator}, {case}: counted {counted}, by formula {formula}")
    say(f"{cases - len(wrong)} of {cases} random cases agree exactly")
    assert wrong == []


def _random_case(chance):
    """A case of any geometry, small because nothing but its graph is built."""
    groups, strides = chance.choice([1, 2, 3, 4, 8]), chance.randint(1, 3)
    direction = chance.choice(DIRECTIONS)
    step = strides if direction == "training" else 1
    return Case(
        batch=chance.randint(1, 8),
        height=step * chance.randint(1, 20),
        width=step * chance.randint(1, 20),
        channels=groups * chance.randint(1, 16),
        kernel_size=chance.choice([1, 3, 5, 7]),
        strides=strides,
        groups=groups,
        direction=direction,
    )
