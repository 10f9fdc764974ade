"""Compare the formulas of the costs with TensorFlow's counter on random cases.

python -m tests.acceptance.counters
"""

import argparse
import random
import sys
from dataclasses import replace

from bench.cases import DIRECTIONS, Case
from bench.measure.calls import prepare
from bench.measure.flops import profiler_flops
from bench.operators import OPERATORS

COUNTED = [operator for operator in OPERATORS if "convolution" in operator.name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    wrong = 0
    for number in range(options.cases):
        operator = COUNTED[number % len(COUNTED)]
        case = operator.fit(_random_case(chance), "groups")
        if operator.name.startswith("depthwise"):
            case = replace(case, direction="forward")
        counted, formula = profiler_flops(prepare(operator, case)), operator.costs(case).flops
        if counted != formula:
            wrong += 1
            print(f"{operator}, {case}: counted {counted}, by formula {formula}")
    print(f"{options.cases - wrong} of {options.cases} random cases agree exactly")
    return 1 if wrong else 0


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


if __name__ == "__main__":
    sys.exit(main())
