"""Who runs before an operator must not matter, nor who else competes.

On an idle machine some ten minutes.
"""

from collections import defaultdict
from dataclasses import replace
from itertools import islice
from random import Random
from statistics import geometric_mean, median
from time import perf_counter

import pytest
from scipy.stats import quantile_test

from bench import bench_core, bench_generated, bench_kernel_size
from bench.measure.cache import before, repeats
from bench.measure.order import orders
from bench.measure.prepared import Preparer
from bench.measure.rounds import timed
from bench.sweeps import competitors
from tests.acceptance import command

# Time after a rival / time after itself, the median over cases.
MOST_APART = 0.02
# With and without `patches` among the competitors.
MOST_CHANGED = 0.03
# Whole designs of orders of a case: in each of them every operator follows every other.
DESIGNS = 8
SWEEPS = (bench_core, bench_kernel_size, bench_generated)
# Slow operators that teach nothing here would take most of the time.
LEFT_OUT = ("patches", "xla")


def test_no_operator_profits_from_who_ran_before(option, say):
    after_rival, after_any = defaultdict(list), defaultdict(list)
    for module in SWEEPS:
        for case in module.SWEEP.cases("default"):
            of_case = defaultdict(list)
            for (operator, rival), ratio in _after_rivals(module, case, option("--seed")).items():
                after_rival[operator, rival].append(ratio)
                of_case[operator].append(ratio)
            # All ratios of an operator in a case share a denominator: they are one voice.
            for operator, ratios in of_case.items():
                after_any[operator].append(median(ratios))
    for (operator, rival), ratios in after_rival.items():
        say(f"{operator} after {rival}: {median(ratios):.3f}, {len(ratios)} cases")
    apart = {}
    for operator, ratios in after_any.items():
        low, high = quantile_test(ratios, q=1).confidence_interval()
        say(
            f"{operator} after any rival / after its own twin: {median(ratios):.3f} "
            f"({low:.3f} to {high:.3f}), {len(ratios)} cases"
        )
        apart[operator] = max(low - 1, 1 - high)
    assert max(apart.values()) <= MOST_APART, apart


def _after_rivals(module, case, seed):
    """The time of each operator after each rival over that after its own twin."""
    preparer = Preparer()
    found = [
        each
        for each in competitors(module.OPERATORS, case)
        if each.operator.implementation not in LEFT_OUT and not each.operator.is_twin
    ]
    pairs = [
        (
            each,
            preparer.prepared(
                replace(each, operator=replace(each.operator, is_twin=twin)), perf_counter
            ),
        )
        for each in found
        for twin in (False, True)
    ]
    calls = [
        (
            each.operator,
            ready.call,
            before(ready.call, ready.warm.seconds, "warm"),
            repeats(ready.warm.seconds, "warm"),
        )
        for each, ready in pairs
    ]
    seconds, previous = defaultdict(list), None
    for row in islice(orders(len(calls), Random(seed)), DESIGNS * len(calls)):
        for place in row:
            operator, call, first, turns = calls[place]
            first()
            took = median(timed(call, perf_counter) for _ in range(turns))
            if previous is not None and previous != place:
                seconds[str(operator), str(calls[previous][0])].append(took)
            previous = place
    return {
        (operator, rival): median(times) / median(seconds[operator, operator])
        for (operator, rival), times in seconds.items()
        if rival != operator
    }


@pytest.mark.parametrize("direction", ["forward", "training"])
def test_who_else_competes_changes_no_ratio(direction, option, say, tmp_path):
    """Fresh processes by turns, with and without `patches`."""
    chosen = {
        "with": f"kernel_size and {direction} and (convolution or twin or fused or patches)",
        "without": f"kernel_size and {direction} and (convolution or twin or fused)",
    }
    ratios = defaultdict(lambda: defaultdict(list))
    for turn in range(option("--turns")):
        for which in sorted(chosen, reverse=turn % 2):
            path = tmp_path / f"{which}-{turn}.json"
            words = ("bench", "--sweep-size=quick", "--benchmark-max-time=2", f"-k={chosen[which]}")
            assert command.sweep(path, *words).wait() == 0
            for row in command.judged(path):
                if row["implementation"] == "fused":
                    ratios[row["fullname"]][which].append(float(row["ratio"]))
    changes = {
        case: geometric_mean(each["with"]) / geometric_mean(each["without"])
        for case, each in ratios.items()
    }
    for case, change in changes.items():
        say(f"{case}: with / without patches {change:.3f}")
    assert abs(geometric_mean(changes.values()) - 1) <= MOST_CHANGED
