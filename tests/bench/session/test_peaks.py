"""Peaks: sizes grow until the speed does not, on a clock that only the calls move."""

import pytest

from bench.session.peaks import CALL_SECONDS, LEAST_CALLS, SEARCH_SECONDS, fastest, peak


class Machine:
    """A clock, and calls that move it: a size does its work at the planted rates."""

    def __init__(self, rates, fails_at=None):
        self.now, self.rates, self.fails_at, self.tried = 0.0, rates, fails_at, []

    def clock(self):
        return self.now

    def calls(self, size):
        self.tried.append(size)
        if size == self.fails_at:
            raise MemoryError
        return [self.call(size, rate) for rate in self.rates[size]]

    def call(self, size, rate):
        def run():
            self.now += size / rate

        return run

    def peak(self, sizes):
        return peak(sizes, float, self.calls, clock=self.clock)


def test_a_search_ends_at_the_second_size_in_a_row_that_is_hardly_faster():
    machine = Machine({1: [100], 2: [200], 4: [201], 8: [400], 16: [402], 32: [390], 64: [9000]})
    found = machine.peak(machine.rates)
    assert (found.rate, found.size) == (pytest.approx(402), 16)
    assert machine.tried == [1, 2, 4, 8, 16, 32]


def test_a_slower_size_is_not_the_peak():
    found = Machine({1: [100], 2: [200], 4: [50]}).peak([1, 2, 4])
    assert (found.rate, found.size) == (pytest.approx(200), 2)


def test_the_better_of_two_ways_counts():
    assert Machine({1: [100, 300], 2: [200, 305]}).peak([1, 2]).rate == pytest.approx(305)


def test_a_size_that_would_take_too_long_is_not_begun():
    # Each size is ten times the work at hardly more than the same speed.
    rates = {10**power: [10 * 1.1**power] for power in range(9)}
    machine = Machine(rates)
    found = machine.peak(sorted(rates))
    assert found.size == machine.tried[-1] < 10**8
    assert machine.now <= SEARCH_SECONDS + 2 * CALL_SECONDS


def test_what_has_no_room_ends_the_search():
    machine = Machine({1: [100], 2: [200], 4: [400]}, fails_at=4)
    assert machine.peak([1, 2, 4]).size == 2
    with pytest.raises(ValueError, match="needs one size"):
        Machine({1: [10]}, fails_at=1).peak([1])


def test_the_fastest_of_several_calls_counts_and_the_first_does_not():
    durations = iter([0.001, 0.3, 0.1, 0.2, 9.0])
    machine = Machine({})

    def call():
        machine.now += next(durations)

    assert fastest(call, clock=machine.clock) == pytest.approx(0.1)
    # The last one is left: the others were enough.
    assert next(durations) == 9.0
    assert LEAST_CALLS == 3
