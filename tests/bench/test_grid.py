from bench.bench_grid import OPERATORS, SWEEP
from bench.operators import BASELINE
from involution.ops.native.library import reason_against


def test_every_kernel_size_meets_every_resolution():
    for sweep_size in ("default", "full"):
        cases = SWEEP.cases(sweep_size)
        sides = {case.height for case in cases}
        kernel_sizes = {case.kernel_size for case in cases}
        assert len(cases) == 2 * len(sides) * len(kernel_sizes)
        assert len({(case.label, case.direction) for case in cases}) == len(cases)


def test_involution_meets_the_baseline_alone():
    assert OPERATORS[0] is BASELINE
    best = "fused" if reason_against() else "native"
    assert [str(operator) for operator in OPERATORS[1:]] == [f"involution-{best}"]
