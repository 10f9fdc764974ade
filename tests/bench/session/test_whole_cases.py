from dataclasses import replace
from time import perf_counter

import pytest

from bench import bench_groups, bench_stride
from bench.measure.measurement import Plan
from bench.measure.stopping import Limits
from bench.operators import BASELINE, DEPTHWISE_CONVOLUTION, OPERATORS
from bench.session import whole_cases
from bench.session.plan import PlannedCase
from bench.session.whole_cases import WholeCases
from bench.sweeps import Competitor, competitors

HOW = Plan(Limits(0.01, 0.01, 6), perf_counter, "warm", order_seed=0, time_limit=60)
BASE = bench_stride.SWEEP.cases("quick")[0]
GROUPS, STRIDE = bench_groups.SWEEP, bench_stride.SWEEP


def planned(sweep, operator, case=BASE):
    return PlannedCase(sweep, operator, case, competitors(OPERATORS, case)[0])


@pytest.fixture
def calls(monkeypatch):
    """What was measured: the operators of each case and the seed of its order."""
    found = []

    def measure(given, preparer, plan, begins):
        found.append(([str(each.operator) for each in given], plan.order_seed))
        for each in given:
            begins(each)
        begins(None)
        return {each: f"outcome of {each.operator}" for each in given}

    monkeypatch.setattr(whole_cases, "measure_case", measure)
    return found


def test_a_case_is_measured_once_for_all_its_operators_and_sweeps(calls):
    plans = {
        "a": planned(STRIDE, BASELINE),
        "b": planned(STRIDE, DEPTHWISE_CONVOLUTION),
        "c": planned(GROUPS, DEPTHWISE_CONVOLUTION),
    }
    cases = WholeCases(plans, HOW, 1, at_work=list)
    outcomes = [cases.outcome(each) for each in plans.values()]
    assert outcomes == [f"outcome of {name}" for name in ("convolution", "depthwise", "depthwise")]
    assert [operators for operators, _ in calls] == [["convolution", "depthwise"]]


def test_the_baseline_runs_where_its_benchmark_is_not_chosen(calls):
    plans = {"b": planned(STRIDE, DEPTHWISE_CONVOLUTION)}
    WholeCases(plans, HOW, 1, at_work=list).outcome(plans["b"])
    assert [operators for operators, _ in calls] == [["convolution", "depthwise"]]


def test_each_case_and_process_has_an_order_of_its_own(calls):
    strided = replace(BASE, strides=2)
    plans = {"a": planned(STRIDE, BASELINE), "b": planned(STRIDE, BASELINE, strided)}
    for process in (1, 2, 1):
        cases = WholeCases(plans, HOW, process, at_work=list)
        for each in plans.values():
            cases.outcome(each)
    seeds = [seed for _, seed in calls]
    assert len(set(seeds)) == 4
    assert seeds[:2] == seeds[4:]


def test_the_tests_at_work_are_named(calls):
    at_work = []
    plans = {
        "a": planned(STRIDE, BASELINE),
        "b": planned(STRIDE, DEPTHWISE_CONVOLUTION),
        "c": planned(GROUPS, DEPTHWISE_CONVOLUTION),
    }
    cases = WholeCases(plans, HOW, 1, at_work=lambda tests: at_work.append(list(tests)))
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
    cases = WholeCases(plans, HOW, 1, at_work=lambda tests: at_work.append(list(tests)))
    cases.outcome(plans["b"])
    assert at_work == [["b"], ["b"], ["b"], []]


def test_rounds_of_a_resumed_case_are_of_another_measurement(calls):
    plan = planned(STRIDE, BASELINE)
    assert WholeCases({"a": plan}, HOW, 1, list).name(plan) == plan.measurement
    resumed = WholeCases({"a": plan}, HOW, 1, list, begun={plan.measurement})
    assert resumed.name(plan) == f"{plan.measurement}, resumed"
