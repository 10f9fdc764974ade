from dataclasses import replace
from itertools import chain
from time import perf_counter

import pytest

from bench import bench_groups, bench_stride
from bench.measure.measurement import Plan
from bench.measure.stopping import Limits
from bench.operators import BASELINE, DEPTHWISE_CONVOLUTION, OPERATORS
from bench.session import whole_cases
from bench.session.plan import PlannedCase
from bench.session.whole_cases import TOGETHER, WholeCases
from bench.sweeps import Competitor, competitors

HOW = Plan(Limits(0.01, 0.01, 6), perf_counter, "warm", time_limit=60)
BASE = bench_stride.SWEEP.cases("quick")[0]
GROUPS, STRIDE = bench_groups.SWEEP, bench_stride.SWEEP


def planned(sweep, operator, case=BASE):
    return PlannedCase(sweep, operator, case, competitors(OPERATORS, case)[0])


@pytest.fixture
def calls(monkeypatch):
    """What was measured: of each whole case its name, its operators and the seed of its order."""
    found = []

    def measure(cases, preparer, plan, begins):
        found.append([_told(case) for case in cases])
        for case in cases:
            for each in case.competitors:
                begins([case], each)
                case.outcomes[each] = f"outcome of {each.operator}"
        begins(cases, None)
        return cases

    monkeypatch.setattr(whole_cases, "measure", measure)
    return found


def _told(case):
    return case.name, [str(each.operator) for each in case.competitors], case.order_seed


def strided(count):
    """Plans of cases that differ in their strides."""
    return {
        str(strides): planned(STRIDE, BASELINE, replace(BASE, strides=strides))
        for strides in range(1, count + 1)
    }


def test_a_case_is_measured_once_for_all_its_operators_and_sweeps(calls):
    plans = {
        "a": planned(STRIDE, BASELINE),
        "b": planned(STRIDE, DEPTHWISE_CONVOLUTION),
        "c": planned(GROUPS, DEPTHWISE_CONVOLUTION),
    }
    cases = WholeCases(plans, HOW, process=1, at_work=list)
    outcomes = [cases.outcome(each) for each in plans.values()]
    assert outcomes == [f"outcome of {name}" for name in ("convolution", "depthwise", "depthwise")]
    assert [operators for _, operators, _ in chain.from_iterable(calls)] == [
        ["convolution", "depthwise"]
    ]


def test_the_baseline_runs_where_its_benchmark_is_not_chosen(calls):
    plans = {"b": planned(STRIDE, DEPTHWISE_CONVOLUTION)}
    WholeCases(plans, HOW, process=1, at_work=list).outcome(plans["b"])
    assert [operators for _, operators, _ in chain.from_iterable(calls)] == [
        ["convolution", "depthwise"]
    ]


def test_each_case_and_process_has_an_order_of_its_own(calls):
    plans = strided(2)
    for process in (1, 2, 1):
        cases = WholeCases(plans, HOW, process=process, at_work=list)
        for each in plans.values():
            cases.outcome(each)
    seeds = [seed for _, _, seed in chain.from_iterable(calls)]
    assert len(set(seeds)) == 4
    assert seeds[:2] == seeds[4:]


def test_the_cases_that_come_next_are_measured_by_turns(calls):
    plans = strided(TOGETHER + 2)
    cases = WholeCases(plans, HOW, process=1, at_work=list)
    names = [each.measurement for each in plans.values()]
    for each in plans.values():
        assert cases.outcome(each) == "outcome of convolution"
        assert each.measurement in cases.seconds
    assert [[name for name, _, _ in call] for call in calls] == [names[:TOGETHER], names[TOGETHER:]]


def test_in_any_order_each_case_is_measured_once(calls):
    plans = strided(TOGETHER + 2)
    cases = WholeCases(plans, HOW, process=1, at_work=list)
    cases.outcome(plans["4"])
    cases.outcome(plans["1"])
    measured = [name for name, _, _ in chain.from_iterable(calls)]
    assert sorted(measured) == sorted(each.measurement for each in plans.values())


def test_a_case_at_whose_work_a_process_ended_is_measured_alone(calls):
    plans = strided(4)
    cases = WholeCases(plans, HOW, process=1, at_work=list, ended={"2": 1})
    for each in plans.values():
        cases.outcome(each)
    names = [each.measurement for each in plans.values()]
    assert [[name for name, _, _ in call] for call in calls] == [
        names[:1],
        names[1:2],
        names[2:],
    ]


def test_the_tests_at_work_are_named(calls):
    at_work = []
    plans = {
        "a": planned(STRIDE, BASELINE),
        "b": planned(STRIDE, DEPTHWISE_CONVOLUTION),
        "c": planned(GROUPS, DEPTHWISE_CONVOLUTION),
    }
    cases = WholeCases(plans, HOW, process=1, at_work=lambda tests: at_work.append(list(tests)))
    cases.outcome(plans["b"])
    assert at_work == [["a"], ["b", "c"], ["a", "b", "c"], []]


def test_what_is_measured_together_has_one_name():
    forward = planned(STRIDE, BASELINE).measurement
    assert forward == planned(GROUPS, DEPTHWISE_CONVOLUTION).measurement
    assert forward != planned(STRIDE, BASELINE, replace(BASE, direction="training")).measurement
    other = PlannedCase(STRIDE, BASELINE, BASE, Competitor(BASELINE, replace(BASE, kernel_size=3)))
    assert forward != other.measurement


def test_a_baseline_without_a_test_of_its_own_has_those_of_the_others_at_work(calls):
    at_work = []
    plans = {"b": planned(STRIDE, DEPTHWISE_CONVOLUTION)}
    cases = WholeCases(plans, HOW, process=1, at_work=lambda tests: at_work.append(list(tests)))
    cases.outcome(plans["b"])
    assert at_work == [["b"], ["b"], ["b"], []]


def test_rounds_of_a_resumed_case_are_of_another_measurement(calls):
    plan = planned(STRIDE, BASELINE)
    assert WholeCases({"a": plan}, HOW, process=1, at_work=list).name(plan) == plan.measurement
    resumed = WholeCases({"a": plan}, HOW, process=1, at_work=list, begun={plan.measurement})
    assert resumed.name(plan) == f"{plan.measurement}, resumed"
