from dataclasses import replace

import pytest

from bench import bench_stride
from bench.operators import BASELINE, DEPTHWISE_CONVOLUTION, OPERATORS
from bench.session.pace import in_words
from bench.session.plan import PlannedCase
from bench.session.time_left import TimeLeft
from bench.sweeps import competitors

SWEEP = bench_stride.SWEEP
FORWARD = SWEEP.cases("quick")[0]


def planned(strides, operator=DEPTHWISE_CONVOLUTION, direction="forward"):
    case = replace(FORWARD, strides=strides, direction=direction)
    return PlannedCase(SWEEP, operator, case, competitors(OPERATORS, case)[0])


def test_nothing_is_known_before_a_case_is_finished():
    assert TimeLeft([planned(1)]).seconds is None


def test_the_cases_that_are_left_take_what_those_before_them_took():
    cases = [planned(strides) for strides in (1, 2, 3, 4)]
    left = TimeLeft(cases)
    left.took({cases[0].measurement: 10.0})
    assert left.seconds == 30.0
    left.took({cases[1].measurement: 20.0})
    assert left.seconds == 30.0
    left.took({cases[2].measurement: 30.0})
    assert left.seconds == 20.0
    left.took({cases[3].measurement: 40.0})
    assert left.seconds == 0.0


def test_a_case_is_counted_once_for_all_its_benchmarks():
    cases = [planned(1, BASELINE), planned(1), planned(2)]
    left = TimeLeft(cases)
    left.took({cases[0].measurement: 10.0})
    left.took({cases[1].measurement: 10.0})
    assert left.seconds == 10.0


def test_cases_that_were_measured_by_turns_are_counted_at_once():
    cases = [planned(strides) for strides in (1, 2, 3, 4)]
    left = TimeLeft(cases)
    left.took({cases[0].measurement: 10.0, cases[1].measurement: 30.0})
    assert left.seconds == 40.0


def test_a_case_of_more_operators_takes_longer():
    alone = planned(1, BASELINE)
    # The baseline runs in each case, whether or not it has a benchmark of its own.
    others = [planned(2), planned(3, BASELINE), planned(3)]
    left = TimeLeft([alone, *others])
    left.took({alone.measurement: 10.0})
    assert left.seconds == 40.0


def test_training_is_estimated_from_training_alone():
    forward = [planned(strides) for strides in (1, 2, 3)]
    training = [planned(strides, direction="training") for strides in (1, 2)]
    left = TimeLeft([*forward, *training])
    left.took({forward[0].measurement: 1.0})
    assert left.seconds is None
    left.took({training[0].measurement: 5.0})
    assert left.seconds == 2 * 1.0 + 5.0


def test_processes_that_are_still_to_come_measure_the_whole_plan():
    cases = [planned(strides) for strides in (1, 2, 3)]
    resumed = cases[1:]
    left = TimeLeft(resumed, cases, later=2)
    left.took({resumed[0].measurement: 10.0})
    assert left.seconds == 10.0 + 2 * 30.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.1, "less than 10 s left"),
        (9.9, "less than 10 s left"),
        (10, "about 10 s left"),
        (90, "about 90 s left"),
        (91, "about 2 min left"),
        (240, "about 4 min left"),
        (5400, "about 90 min left"),
        (5401, "about 1.5 h left"),
        (36000, "about 10.0 h left"),
    ],
)
def test_words_are_as_exact_as_an_estimate(seconds, words):
    assert in_words(seconds) == words
