import pytest

from bench.bench_groups import SWEEP as GROUPS
from bench.bench_kernel_size import SWEEP as KERNEL_SIZE
from bench.bench_resolution import SWEEP as RESOLUTION
from bench.bench_stride import SWEEP as STRIDE
from bench.cases import DIRECTIONS, SWEEP_SIZES, Case
from bench.operators import OPERATORS, pairs

SWEEPS = (GROUPS, KERNEL_SIZE, RESOLUTION, STRIDE)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("batch", 0, "batch=0"),
        ("height", -1, "height=-1"),
        ("kernel_size", 4, "must be odd. Received: kernel_size=4"),
        ("groups", 5, "Received: groups=5, channels=64"),
        ("dtype", "int8", "Received: dtype='int8'"),
        ("direction", "backward", "Received: direction='backward'"),
    ],
)
def test_bad_cases_are_refused_with_what_came(name, value, message):
    with pytest.raises(ValueError, match=message):
        Case(**{name: value})


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
    plans = [pairs(sweep, "default") for sweep in SWEEPS]
    assert sum(map(len, plans)) >= 150
    assert all(len(set(plan)) == len(plan) for plan in plans)


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_each_operator_takes_part_in_both_directions(sweep):
    plan = pairs(sweep, "quick")
    for operator in OPERATORS:
        directions = {case.direction for other, case in plan if other == operator}
        grouped_alone = operator.implementation == "tensorflow" and sweep is not GROUPS
        assert directions == (set() if grouped_alone else set(DIRECTIONS))
