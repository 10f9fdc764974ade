"""False alarms and power of the comparison, over many simulated pairs of runs."""

import numpy as np
import pytest

from tests.reports.sweeps.simulated import OPERATORS, Pairs

pytestmark = pytest.mark.slow

PAIRS = 80
MOST_ALARMS = 0.05
CHANGED = ("slower", "faster")


def at_most(events, share):
    """Whether a rate is no larger than a share, by more than the simulation's error."""
    return np.mean(events) + 2 * error(events) <= share


def at_least(events, share):
    return np.mean(events) - 2 * error(events) >= share


def error(events):
    """The standard error of a rate; that of a single event where there is none or nothing else."""
    rate = np.clip(np.mean(events), 1 / len(events), 1 - 1 / len(events))
    return np.sqrt(rate * (1 - rate) / len(events))


def has_changed(table):
    return table["verdict"].isin(CHANGED).any()


@pytest.mark.parametrize(
    ("processes", "cases", "of_runs"), [(2, 70, 0.0), (3, 70, 0.0), (3, 10, 0.0), (3, 70, 0.02)]
)
def test_equal_runs_are_called_changed_in_at_most_one_of_twenty_pairs(processes, cases, of_runs):
    pairs = Pairs(processes, cases=cases, processes=processes, of_runs=of_runs)
    assert at_most([has_changed(pairs.cases_of()) for _ in range(PAIRS)], MOST_ALARMS)


@pytest.mark.parametrize("cases", [16, 70])
def test_equal_runs_of_one_process_are_called_changed_no_more_often(cases):
    pairs = Pairs(1, cases=cases, processes=1)
    alarms = [has_changed(pairs.cases_of()) for _ in range(PAIRS)]
    assert np.mean(alarms) - 2 * error(alarms) <= MOST_ALARMS


@pytest.mark.parametrize("processes", [1, 3])
def test_operators_of_equal_runs_are_not_called_changed(processes):
    pairs = Pairs(3, processes=processes)
    assert not any(has_changed(pairs.operators_of()[1]) for _ in range(50))


@pytest.mark.parametrize("processes", [1, 3])
def test_a_machine_in_another_state_is_no_change_of_all_operators(processes):
    pairs = Pairs(10, processes=processes, drift=0.10)
    compared = [pairs.operators_of() for _ in range(40)]
    for tables in zip(*compared, strict=True):
        alarms = [has_changed(table) for table in tables]
        assert np.mean(alarms) - 2 * error(alarms) <= MOST_ALARMS


def test_a_change_of_every_operator_is_found_by_pairs():
    pairs = Pairs(11)
    assert not has_changed(pairs.operators_of(0.4)[1])
    assert set(pairs.operators_of(0.4, "pairs")[1]["verdict"]) == {"slower"}


@pytest.mark.parametrize(("share", "least", "number"), [(0.25, 0.95, 60), (0.10, 0.70, 200)])
def test_one_slower_case_of_seventy_is_found(share, least, number):
    pairs = Pairs(4, effects=(0.015, 0.025))
    slower = pairs.planted(share)
    found = [pairs.cases_of(slower)["verdict"].iloc[0] == "slower" for _ in range(number)]
    assert at_least(found, least)


def test_a_run_of_one_process_finds_a_case_that_takes_twice_as_long():
    pairs = Pairs(5, processes=1)
    slower = pairs.planted(1.0)
    assert all(pairs.cases_of(slower)["verdict"].iloc[0] == "slower" for _ in range(50))


@pytest.mark.parametrize(("processes", "most"), [(1, 1.0), (3, 0.9)])
def test_what_is_detectable_is_found_in_four_of_five(processes, most):
    found = []
    for seed in range(PAIRS):
        detectable = Pairs(seed, processes=processes).cases_of()["detectable"].iloc[0]
        again = Pairs(seed, processes=processes)  # the same pair, of which one case is slower
        found.append(again.cases_of(again.planted(detectable))["verdict"].iloc[0] == "slower")
    assert 0.7 <= np.mean(found) <= most


def test_of_what_is_called_changed_few_are_false():
    pairs = Pairs(7)
    slower = pairs.planted(0.25, number=20)
    shares = []
    for _ in range(100):
        called = pairs.cases_of(slower)["verdict"].isin(CHANGED).to_numpy()
        shares.append(called[20:].sum() / max(called.sum(), 1))
    assert np.mean(shares) <= MOST_ALARMS


def test_an_operator_that_is_slower_in_all_cases_is_found_where_no_case_is():
    pairs = Pairs(8, cases=20 * OPERATORS)
    slower = np.where(np.arange(len(pairs.cases)) % OPERATORS == 0, 0.07, 0.0)
    compared = [pairs.operators_of(slower) for _ in range(50)]
    called = [operators["verdict"].tolist() for _, operators in compared]
    assert np.mean([verdicts[0] == "slower" for verdicts in called]) >= 0.95
    assert {verdict for verdicts in called for verdict in verdicts[1:]} <= {
        "unchanged",
        "undecided",
    }
    alone = [(cases["verdict"] == "slower").sum() for cases, _ in compared]
    assert np.mean(alone) < 0.1 * 20


@pytest.mark.parametrize("processes", [1, 3])
def test_intervals_hold_the_change_about_as_often_as_they_claim(processes):
    pairs = Pairs(9, processes=processes)
    held = []
    for _ in range(50):
        cases = pairs.cases_of()
        held.append(((cases["low"] <= 1) & (cases["high"] >= 1)).mean())
    assert 0.93 <= np.mean(held) <= 0.99
