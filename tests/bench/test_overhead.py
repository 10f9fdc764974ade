import numpy as np
import pytest

from bench.bench_overhead import OPERATORS, SWEEP
from bench.measure.calls import prepare
from bench.operators import BASELINE
from reports.sources.case import DIRECTIONS

EMPTY = OPERATORS[1:]


def test_a_single_number_is_measured_in_every_size():
    for sweep_size in ("quick", "default", "full"):
        cases = SWEEP.cases(sweep_size)
        assert [case.direction for case in cases] == list(DIRECTIONS)
        assert {case.shape for case in cases} == {(1, 1, 1, 1)}


def test_an_empty_call_runs_in_each_executor_beside_the_baseline():
    assert OPERATORS[0] is BASELINE
    assert [operator.executor for operator in EMPTY] == ["eager", "graph", "xla"]
    assert [str(operator) for operator in EMPTY] == ["empty-eager", "empty-graph", "empty-xla"]


@pytest.mark.parametrize("operator", EMPTY, ids=str)
def test_it_returns_a_tensor_of_its_own_with_the_values_of_its_argument(operator):
    forward, training = SWEEP.cases("quick")
    call = prepare(operator, operator.fit(forward))
    outputs = call()
    assert outputs is not call.arguments[0]
    np.testing.assert_array_equal(outputs, call.arguments[0])
    call = prepare(operator, operator.fit(training))
    outputs, [gradients] = call()
    np.testing.assert_array_equal(outputs, call.arguments[0])
    np.testing.assert_array_equal(gradients, call.arguments[1])


def test_it_costs_nothing():
    for operator in EMPTY:
        for case in SWEEP.cases("quick"):
            costs = operator.costs(operator.fit(case))
            assert (costs.parameters, costs.macs, costs.compulsory_bytes) == (0, 0, 0)
