import gc
from itertools import count

import numpy as np
import pytest

from bench.measure.rounds import Lane, interleaved, rounds, timed
from bench.measure.stopping import LOOKS, Limits


def run(steps):
    for _ in steps:
        pass


class World:
    """Time that passes in calls alone, and who was called in which order."""

    def __init__(self):
        self.now = 0.0
        self.calls = []

    def timer(self):
        return self.now

    def lane(self, name, seconds, *, before=None, calls=1, is_twin=False):
        """An operator whose calls take these seconds, one after the other."""
        taken = iter(seconds)

        def call():
            self.calls.append(name)
            self.now += next(taken)

        return Lane(call, before or (lambda: None), calls, is_twin)

    def rounds(self, lanes, *, precision=0.01, max_time=1e9, min_rounds=6, patience=1e9, seed=0):
        limits = Limits(precision, max_time, min_rounds)
        return rounds(lanes, limits, self.timer, seed=seed, patience=patience)

    def run(self, lanes, **options):
        run(interleaved([self.rounds(lanes, **options)]))


@pytest.fixture
def world():
    return World()


def noisy(middle, deviation=0.05, seed=0):
    random = np.random.default_rng(seed)
    return (middle * np.exp(deviation * random.standard_normal()) for _ in count())


def test_a_call_takes_what_the_timer_says():
    readings = iter([2.0, 5.0])
    assert timed(lambda: None, lambda: next(readings)) == 3.0


def test_every_operator_runs_once_in_each_round(world):
    lanes = [world.lane(name, noisy(1, seed=ord(name))) for name in "BTO"]
    world.run(lanes)
    rounds = [sorted(world.calls[start : start + 3]) for start in range(0, 3 * LOOKS[0], 3)]
    assert rounds == [["B", "O", "T"]] * LOOKS[0]
    assert len({tuple(world.calls[start : start + 3]) for start in range(0, 36, 3)}) > 1


def test_a_short_operator_is_called_again_and_the_median_counts(world):
    taken = [3.0, 1.0, 9.0, *[2.0] * 1000]
    lanes = [world.lane("B", noisy(1)), world.lane("O", taken, calls=3)]
    world.run(lanes)
    assert lanes[1].seconds[:2] == [3.0, 2.0]
    assert world.calls.count("O") == 3 * len(lanes[1].seconds)
    assert "OOO" in "".join(world.calls)


def test_what_runs_before_a_call_is_not_in_its_time(world):
    def wash():
        world.calls.append("wash")
        world.now += 100

    lanes = [world.lane("B", noisy(1), before=wash), world.lane("O", noisy(3), before=wash)]
    world.run(lanes)
    assert world.calls[::2] == ["wash"] * (len(world.calls) // 2)
    assert "wash" not in world.calls[1::2]
    assert max(lanes[0].seconds + lanes[1].seconds) < 10


def test_decided_operators_leave_and_close_ones_get_the_time(world):
    lanes = [
        world.lane("B", noisy(1, 0.05, 1)),
        world.lane("F", noisy(0.3, 0.05, 2)),
        world.lane("C", noisy(1.03, 0.05, 3)),
    ]
    world.run(lanes, precision=0.003)
    assert (len(lanes[1].seconds), lanes[1].stopped) == (LOOKS[0], "decided")
    assert len(lanes[2].seconds) >= LOOKS[3]
    assert len(lanes[0].seconds) == len(lanes[2].seconds)
    assert lanes[0].stopped == lanes[2].stopped
    assert "F" not in world.calls[3 * LOOKS[0] :]


def test_a_precise_ratio_ends_the_rounds_without_a_verdict(world):
    # On the edge of the margin neither verdict can be had.
    lanes = [world.lane("B", noisy(1, 0.01, 1)), world.lane("O", noisy(1.02, 0.01, 2))]
    world.run(lanes, precision=0.01)
    assert lanes[1].stopped == "precise"


def test_a_wide_noise_floor_defers_a_verdict(world):
    def lanes():
        return [world.lane("B", noisy(1, 0.01, 1)), world.lane("O", noisy(0.9, 0.01, 2))]

    quiet = lanes()
    world.run(quiet, precision=0.0001)
    assert (quiet[1].stopped, len(quiet[1].seconds)) == ("decided", LOOKS[0])
    twin = world.lane("T", noisy(1, 0.5, 3), is_twin=True)
    loud = [*lanes(), twin]
    world.run(loud, precision=0.0001)
    assert len(loud[1].seconds) > LOOKS[0]


def test_the_time_is_shared_by_all_operators_of_the_case(world):
    lanes = [world.lane("B", noisy(1, 0.3, 1)), world.lane("O", noisy(1, 0.3, 2))]
    world.run(lanes, precision=1e-4, max_time=30)
    assert lanes[1].stopped == "time"
    assert 50 <= world.now <= 60


def test_the_fewest_rounds_are_run_even_if_they_take_longer(world):
    lanes = [world.lane("B", noisy(5, seed=1)), world.lane("O", noisy(9, seed=2))]
    world.run(lanes, max_time=1, min_rounds=8)
    assert len(lanes[1].seconds) == 8
    assert lanes[1].stopped == "decided"


def test_patience_has_an_end(world):
    lanes = [world.lane("B", noisy(5)), world.lane("O", noisy(9))]
    world.run(lanes, max_time=1, min_rounds=8, patience=30)
    assert len(lanes[1].seconds) == 3


def test_alone_the_baseline_is_timed_until_it_is_known(world):
    lane = world.lane("B", noisy(1, 0.05))
    world.run([lane], precision=0.01)
    assert LOOKS[0] < len(lane.seconds) < LOOKS[-1]
    assert lane.stopped in {"decided", "precise"}


def test_an_operator_that_fails_leaves_the_others_alone(world):
    def failing():
        yield from [1.0] * 4
        raise ValueError("out of order")

    lanes = [world.lane("B", noisy(1)), world.lane("X", failing()), world.lane("O", noisy(2))]
    world.run(lanes)
    assert "out of order" in str(lanes[1].error)
    assert (len(lanes[2].seconds), lanes[2].stopped) == (LOOKS[0], "decided")


def test_without_the_baseline_there_are_no_rounds(world):
    def failing():
        yield 1.0
        raise ValueError("no baseline")

    with pytest.raises(ValueError, match="no baseline"):
        world.run([world.lane("B", failing()), world.lane("O", noisy(2))])


def test_the_seed_decides_the_order(world):
    def order(seed):
        here = World()
        here.run([here.lane(name, noisy(1)) for name in "BOPQ"], seed=seed)
        return here.calls[: 4 * LOOKS[0]]

    assert order(1) == order(1) != order(2)


def test_no_garbage_is_collected_during_the_rounds(world):
    enabled = []
    lanes = [world.lane("B", noisy(1), before=lambda: enabled.append(gc.isenabled()))]
    world.run(lanes)
    assert set(enabled) == {False}
    assert gc.isenabled()


def test_no_operator_leaves_before_the_fewest_rounds(world):
    lanes = [world.lane("B", noisy(1, seed=1)), world.lane("F", noisy(0.1, seed=2))]
    world.run(lanes, min_rounds=LOOKS[2])
    assert len(lanes[1].seconds) == LOOKS[2]


def test_where_all_others_fail_the_baseline_goes_on_alone(world):
    def failing():
        yield 1.0
        raise ValueError("out of order")

    lanes = [world.lane("B", noisy(1, 0.02)), world.lane("X", failing())]
    world.run(lanes, precision=0.01)
    assert lanes[0].stopped in {"decided", "precise"}


def test_cases_run_a_round_each_by_turns(world):
    cases = [
        [world.lane(name, noisy(1, seed=ord(name))), world.lane(name.lower(), noisy(3))]
        for name in "PQR"
    ]
    run(interleaved(world.rounds(lanes) for lanes in cases))
    visits = [call.upper() for call in world.calls[::2]]
    assert visits == [*"PQR"] * LOOKS[0]
    assert all(len(lane.seconds) == LOOKS[0] for lanes in cases for lane in lanes)


def test_between_the_rounds_of_all_cases_another_process_can_run(world):
    cases = [[world.lane(name, noisy(1)), world.lane(name.lower(), noisy(3))] for name in "PQ"]
    seen = []
    for _ in interleaved(world.rounds(lanes) for lanes in cases):
        assert not gc.isenabled()
        seen.append(len(world.calls))
    assert seen == [4 * number for number in range(1, LOOKS[0] + 1)]
    assert len(world.calls) == 4 * LOOKS[0]
    assert gc.isenabled()


def test_a_case_that_needs_more_rounds_goes_on_when_the_others_have_ended(world):
    short = [world.lane("S", noisy(1)), world.lane("s", noisy(3))]
    long = [world.lane("L", noisy(1, seed=1)), world.lane("l", noisy(1, seed=2))]
    run(interleaved([world.rounds(long, max_time=100, precision=1e-4), world.rounds(short)]))
    assert len(short[0].seconds) == LOOKS[0] < len(long[0].seconds)
    assert long[1].stopped == "time"


def test_the_time_of_other_cases_is_not_that_of_a_case(world):
    def spent(others):
        lanes = [world.lane("B", noisy(1, 0.3, 1)), world.lane("O", noisy(1, 0.3, 2))]
        slow = [[world.lane("X", noisy(50))] for _ in range(others)]
        run(interleaved(world.rounds(each, precision=1e-4, max_time=30) for each in [lanes, *slow]))
        return [len(lane.seconds) for lane in lanes]

    assert spent(0) == spent(3)
