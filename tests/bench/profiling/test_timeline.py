"""Shares of a step against a count of its moments one by one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.profiling.reading import Operation, Step
from bench.profiling.timeline import divide

END = 40


@st.composite
def operations(draw):
    """Operations on three threads; on each thread any two are apart or one within the other."""
    found = []
    for thread in range(3):
        spans = draw(st.lists(st.tuples(st.integers(0, END - 1), st.integers(1, 15)), max_size=6))
        kept: list[tuple[int, int]] = []
        for start, length in spans:
            end = min(start + length, END)
            if all(e <= start or end <= s or (s < start and end < e) for s, e in kept):
                kept.append((start, end))
        found += [Operation(f"{thread}-{s}", "Mul", "", (0, thread), s, e) for s, e in kept]
    return sorted(found, key=lambda each: each.start)


def counted(found):
    """Give each unit of time to the operations that run in it, the latest of each thread."""
    seconds, idle = Counter(), 0.0
    for moment in range(END):
        running = [each for each in found if each.start <= moment < each.end]
        innermost = {
            max((each for each in running if each.thread == thread), key=lambda each: each.start)
            for thread in {each.thread for each in running}
        }
        for each in innermost:
            seconds[each] += 1 / len(innermost)
        idle += not innermost
    return seconds, idle


@given(operations())
def test_every_moment_is_shared_by_what_runs_in_it(found):
    shares = divide(Step(0, END, found))
    seconds, idle = counted(found)
    assert dict(shares.operations) == pytest.approx({each: seconds[each] for each in found})
    assert shares.dispatch + shares.idle == pytest.approx(idle)
    total = sum(share for _, share in shares.operations) + shares.dispatch + shares.idle
    assert total == pytest.approx(END)


def test_dispatch_is_before_the_first_and_after_the_last_operation():
    first = Operation("a", "Mul", "", (0, 0), 2, 5)
    last = Operation("b", "Mul", "", (0, 1), 6, 9)
    shares = divide(Step(0, 12, [first, last]))
    assert (shares.dispatch, shares.idle) == (5, 1)


def test_a_step_of_nothing_is_all_dispatch():
    assert divide(Step(1, 4)).dispatch == 3


def test_what_outlasts_the_step_is_cut():
    late = Operation("a", "Mul", "", (0, 0), 2, 50)
    shares = divide(Step(0, 12, [late]))
    assert shares.operations == [(late, 10)]
