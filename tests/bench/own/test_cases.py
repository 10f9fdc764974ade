import pytest

from bench.bench_kernel_size import SWEEP
from bench.cases import Case
from bench.operators import ALL_OPERATORS, BASELINE, OPERATORS
from bench.own.cases import checked_operators, contests, kept
from bench.session.plan import PlannedCase
from bench.sweeps import competitors, plan


def listed(cases=(), axes=()):
    return [contest.sweep.listed for contest in contests(cases, axes)]


def test_a_case_of_ones_own_runs_in_both_directions_unless_it_names_one():
    [found] = listed(["kernel_size=3x5,batch=2", "strides=2,direction=forward"])
    assert list(found) == [
        Case(kernel_size=(3, 5), batch=2),
        Case(kernel_size=(3, 5), batch=2, direction="training"),
        Case(strides=2),
    ]
    assert list(found.values()) == ["K3x5, batch 2", "K3x5, batch 2", "stride 2"]


def test_the_base_case_has_a_name():
    assert list(listed(["batch=8,direction=forward"])[0].values()) == ["base case"]


def test_an_axis_varies_the_base_case_or_the_one_case():
    assert list(listed(axes=["groups=1,2"])[0].values()) == [1, 1, 2, 2]
    [kernels, dtypes] = listed(
        ["channels=32,direction=training"], ["kernel_size=3,3x7", "dtype=bfloat16"]
    )
    assert kernels == {
        Case(channels=32, kernel_size=3, direction="training"): 3,
        Case(channels=32, kernel_size=(3, 7), direction="training"): "3x7",
    }
    assert dtypes == {Case(channels=32, dtype="bfloat16", direction="training"): "bfloat16"}


@pytest.mark.parametrize(
    ("cases", "axes", "message"),
    [
        (["filters=3"], [], "a case is KEY=VALUE,... with each KEY once, one of batch"),
        (["batch"], [], r"Received: 'batch' in 'batch'"),
        (["kernel_size=3x4"], [], r"must be odd.* Received: kernel_size=\(3, 4\)"),
        (["strides=2,dilation_rate=2"], [], r"must be 1, .*Received: strides=2, dilation_rate=2"),
        (["strides=2x"], [], r"an integer, or two of them as 3x7. Received: strides='2x'"),
        (["padding=valid,width=3"], [], r"at least one window. Received: .*\(32, 3\)"),
        ([], ["direction=forward"], r"an axis is KEY=.*Received: 'direction=forward'"),
        ([], ["channels=32,"], r"an axis is KEY=.*Received: 'channels=32,'"),
        ([], ["channels=32,30"], "Received: groups=4, channels=30"),
        (["batch=1", "batch=2"], ["groups=1"], "expected at most one --case. Received: 2"),
        (["height=200000,width=200000"], [], r"fit into the memory .*Received: 200000x200000"),
        ([], ["batch=1,900000000"], r"Received: batch 900000000, forward, which needs"),
    ],
)
def test_what_is_no_case_and_no_axis(cases, axes, message):
    with pytest.raises(ValueError, match=message):
        contests(cases, axes)


def test_chosen_operators_compete_with_the_baseline():
    names = checked_operators(["involution-patches", "depthwise", "depthwise"])
    assert [*map(repr, kept(names, ALL_OPERATORS))] == [
        "convolution",
        "depthwise",
        "involution-patches",
    ]


def test_an_operator_that_does_not_exist():
    with pytest.raises(ValueError, match=r"among convolution, .*Received: 'native'"):
        checked_operators(["native"])


def test_a_case_on_the_command_line_is_the_case_of_a_sweep():
    """It has the same costs and is the same measurement, so that ratios can be compared."""
    [contest] = contests(["kernel_size=3,direction=forward"], [])
    pairs = plan(contest.sweep, "quick", contest.operators)
    of_sweep = [pair for pair in plan(SWEEP, "quick", OPERATORS) if pair[1] == pairs[0][1]]
    assert [repr(operator) for operator, _ in pairs] == [repr(each) for each, _ in of_sweep]
    for own, (operator, case) in zip(pairs, of_sweep, strict=True):
        baseline = competitors(OPERATORS, case)[0]
        assert own[0].costs(own[0].fit(own[1])) == operator.costs(operator.fit(case))
        assert (
            PlannedCase(contest.sweep, *own, baseline).measurement
            == PlannedCase(SWEEP, operator, case, baseline).measurement
        )
    assert pairs[0][0] == BASELINE


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"padding": "valid"}, ("convolution-3x3", "attention", "local-attention")),
        ({"strides": (1, 2)}, ("depthwise", "separable")),
    ],
)
def test_an_operator_with_other_outputs_takes_no_part(changes, absent):
    names = [repr(each.operator) for each in competitors(ALL_OPERATORS, Case(**changes))]
    assert not set(names) & set(absent)
    fitted = [each.case.outputs for each in competitors(ALL_OPERATORS, Case(**changes))]
    assert len(set(fitted)) == 1
    assert "involution-native" in names or "involution-fused" in names
