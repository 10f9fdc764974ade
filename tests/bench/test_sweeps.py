import pytest

from bench.bench_groups import OPERATORS as IN_GROUPS
from bench.bench_groups import SWEEP as GROUPS
from bench.bench_kernel_size import OPERATORS as IN_KERNEL_SIZE
from bench.bench_kernel_size import SWEEP as KERNEL_SIZE
from bench.bench_resolution import SWEEP as RESOLUTION
from bench.bench_stride import SWEEP as STRIDE
from bench.operators import ALL_OPERATORS, GROUPED_CONVOLUTION, NATIVE_STORED, OPERATORS
from bench.sweeps import SWEEP_SIZES, pairs
from reports.sources.case import DIRECTIONS

SWEEPS = (GROUPS, KERNEL_SIZE, RESOLUTION, STRIDE)
ONLY_IN = {GROUPED_CONVOLUTION: GROUPS, NATIVE_STORED: KERNEL_SIZE}


def competitors(sweep):
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
    plans = [pairs(sweep, "default", competitors(sweep)) for sweep in SWEEPS]
    assert sum(map(len, plans)) >= 150
    assert all(len(set(plan)) == len(plan) for plan in plans)


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_each_operator_takes_part_in_both_directions(sweep):
    plan = pairs(sweep, "quick", competitors(sweep))
    for operator in ALL_OPERATORS:
        directions = {case.direction for other, case in plan if other == operator}
        is_absent = ONLY_IN.get(operator, sweep) is not sweep
        assert directions == (set() if is_absent else set(DIRECTIONS))
