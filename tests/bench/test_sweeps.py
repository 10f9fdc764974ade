from dataclasses import replace

import pytest

from bench.bench_groups import OPERATORS as IN_GROUPS
from bench.bench_groups import SWEEP as GROUPS
from bench.bench_kernel_size import OPERATORS as IN_KERNEL_SIZE
from bench.bench_kernel_size import SWEEP as KERNEL_SIZE
from bench.bench_resolution import SWEEP as RESOLUTION
from bench.bench_stride import SWEEP as STRIDE
from bench.operators import (
    ALL_OPERATORS,
    ATTENTION,
    BASELINE,
    CONVOLUTION_XLA,
    DEPTHWISE_CONVOLUTION,
    FUSED,
    GROUPED_CONVOLUTION,
    LOCAL_ATTENTION,
    NATIVE_STORED,
    OPERATORS,
    PATCHES,
)
from bench.sweeps import SWEEP_SIZES, Competitor, competitors, plan
from reports.sources.case import DIRECTIONS

SWEEPS = (GROUPS, KERNEL_SIZE, RESOLUTION, STRIDE)
ONLY_IN = {
    GROUPED_CONVOLUTION: GROUPS,
    NATIVE_STORED: KERNEL_SIZE,
    PATCHES: KERNEL_SIZE,
    FUSED: KERNEL_SIZE,
    CONVOLUTION_XLA: None,
    ATTENTION: None,
    LOCAL_ATTENTION: None,
}


def operators_of(sweep):
    return {"groups": IN_GROUPS, "kernel_size": IN_KERNEL_SIZE}.get(sweep.name, OPERATORS)


@pytest.mark.parametrize("sweep_size", SWEEP_SIZES)
@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_a_sweep_varies_its_fields_alone(sweep, sweep_size):
    cases = sweep.cases(sweep_size)
    assert len(set(cases)) == len(cases)
    for name in ("batch", "height", "width", "channels", "kernel_size", "strides", "groups"):
        values = {getattr(case, name) for case in cases}
        assert (len(values) > 1) == (name in sweep.fields)


def test_resolution_keeps_the_input_square():
    assert all(case.height == case.width for case in RESOLUTION.cases("full"))


def test_the_default_sweep_has_at_least_150_records():
    plans = [plan(sweep, "default", operators_of(sweep)) for sweep in SWEEPS]
    assert sum(map(len, plans)) >= 150
    assert all(len(set(each)) == len(each) for each in plans)


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_each_operator_takes_part_in_both_directions(sweep):
    planned = plan(sweep, "quick", operators_of(sweep))
    for operator in ALL_OPERATORS:
        directions = {case.direction for other, case in planned if other == operator}
        is_absent = ONLY_IN.get(operator, sweep) is not sweep
        assert directions == (set() if is_absent else set(DIRECTIONS))


def test_the_baseline_has_a_twin_and_no_one_competes_twice():
    case = STRIDE.cases("quick")[0]
    absent = replace(BASELINE, name="absent", fit=lambda case: None)
    found = competitors((absent, BASELINE, DEPTHWISE_CONVOLUTION, BASELINE), case)
    dense = replace(case, groups=1)
    twin = replace(BASELINE, is_twin=True)
    depthwise = Competitor(DEPTHWISE_CONVOLUTION, replace(case, groups=case.channels))
    assert found == [Competitor(BASELINE, dense), Competitor(twin, dense), depthwise]


def test_every_number_of_groups_has_a_baseline_of_its_own():
    planned = plan(GROUPS, "quick", IN_GROUPS)
    assert [case.groups for operator, case in planned if operator is BASELINE] == [1, 1, 4, 4]


def test_attention_competes_at_the_kernel_sizes_of_the_full_sweep_alone():
    competing = {
        (str(operator), case.kernel_size)
        for operator, case in plan(KERNEL_SIZE, "full", IN_KERNEL_SIZE)
        if operator.name in {"attention", "local attention"}
    }
    sizes = set(range(1, 33, 2)) - {3, 5, 7, 11}
    names = ("attention", "local-attention")
    assert competing == {(name, size) for name in names for size in sizes}
