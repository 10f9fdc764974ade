"""Which cases a comparison has: those of several processes, shared rounds, twins, other sizes."""

import copy

import numpy as np
import pytest

from reports.sweeps import changes
from reports.sweeps.comparison import compare
from reports.sweeps.gate import NOT_COMPARABLE, PASSED, SLOWER, judge
from reports.sweeps.load import from_document
from tests.reports.conftest import Builder
from tests.reports.sweeps.test_load_model import MODEL

PROCESSES = 3


def entries(seed, slower=()):
    """A run of three processes of 20 rounds, each with effects of its own of 2 %."""
    builder = Builder(rounds=20 * PROCESSES, seed=seed)
    found = builder.sweep("kernel_size")
    for entry in found:
        info = entry["extra_info"]
        info["process"] = [round_ // 20 + 1 for round_ in range(builder.rounds)]
        factors = np.repeat(np.exp(builder.random.normal(0, 0.02, PROCESSES)), 20)
        for part, share in dict(slower).items():
            factors *= 1 + share if part in entry["name"] else 1
        if not info["is_baseline"]:
            entry["stats"]["data"] = (np.array(entry["stats"]["data"]) * factors).tolist()
    return found


def run(benchmarks):
    return from_document(Builder().document(benchmarks), "run.json")


@pytest.fixture(scope="module")
def before():
    return run(entries(1))


def test_layers_of_two_models_are_not_compared():
    document = Builder().document(entries(2))
    for entry in document["benchmarks"]:
        entry["extra_info"]["sweep"] = "layers"
    older, newer = (
        from_document(document | {"model": MODEL | {"digest": digest}}, digest)
        for digest in ("a", "b")
    )
    found = compare(older, newer, 0.05)
    assert found.cases.empty
    assert {reason for _, reason in found.unjudged} == {"another model: small before, small after"}


def whole_case(seed, **baseline):
    """One case in a run, the executor or another key of whose baseline is changed."""
    found = Builder(seed=seed).whole_case("kernel_size")
    found[0]["extra_info"].update(baseline)
    return found


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"executor": "xla"}, ", graph, 7, 1 before, convolution, keras, xla, 7, 1 after"),
        ({"is_baseline": False}, "the baseline of its case in the older run alone"),
    ],
)
def test_ratios_to_another_baseline_are_not_compared(changed, reason):
    newer = run(whole_case(2, **changed))
    found = compare(run(whole_case(1)), newer, 0.05)
    reasons = dict(found.unjudged)
    named = newer.records.set_index("fullname")
    assert any(reason in each for each in reasons.values())
    of_baseline = "executor" in changed
    expected = named[~named["is_twin"] & ~named["is_baseline"]].index
    assert set(reasons) == (set(expected) if of_baseline else {named.index[0]})
    assert judge(found, allow_missing=False)[0] == NOT_COMPARABLE


def test_runs_of_several_processes_find_a_small_change(before):
    found = compare(before, run(entries(2, {"fused-forward-7": 0.15})), 0.05)
    assert found.processes == (PROCESSES, PROCESSES)
    assert [name.split("[")[1] for name in found.slower["fullname"]] == [
        "involution-fused-forward-7]"
    ]
    assert judge(found, allow_missing=False) == (SLOWER, "1 record became slower.")
    said = changes.in_words(found)
    assert "3 in the older run, 3 in the newer" in said
    assert "have been found, with a probability of 80 %" in said


def test_an_operator_that_is_a_little_slower_in_all_cases_closes_the_gate(before):
    found = compare(before, run(entries(3, {"fused-forward": 0.08})), 0.05)
    assert found.slower_operators[["operator", "direction"]].to_numpy().tolist() == [
        ["involution", "forward"]
    ]
    status, reason = judge(found, allow_missing=False)
    assert status == SLOWER
    assert "1 operator" in reason
    assert "slower: involution (fused), forward, mean of 7 cases: 1.0" in changes.in_words(found)


def test_equal_runs_pass_and_say_what_they_would_have_found(before):
    found = compare(before, run(entries(4)), 0.05)
    assert judge(found, allow_missing=False) == (PASSED, "")
    assert "Operators, as the mean of their cases: 6 unchanged." in changes.in_words(found)
    worst = found.gated.nlargest(1, "detectable").iloc[0]
    said = changes.sensitivity_in_words(found)
    assert f"Least sensitive: {worst['fullname']}, " in said
    assert 0.05 < found.gated["detectable"].median() < 0.25


def shared(benchmarks, other):
    """The same with a copy of each record in another sweep, which holds the same rounds."""
    copies = copy.deepcopy(benchmarks)
    for number, pair in enumerate(zip(benchmarks, copies, strict=True)):
        for entry in pair:
            entry["extra_info"]["measurement"] = f"measurement {number // 4}"
        pair[1]["extra_info"]["sweep"] = other
        pair[1]["fullname"] = pair[1]["fullname"].replace("kernel_size", other)
    return benchmarks + copies


def test_a_measurement_that_several_sweeps_share_counts_once(before):
    old, new = entries(1), entries(2, {"fused-forward-7": 0.15})
    alone = compare(run(old), run(new), 0.05)
    both = compare(run(shared(old, "other")), run(shared(new, "other")), 0.05)
    assert both.cases["fullname"].tolist() == alone.cases["fullname"].tolist()
    assert both.cases["p_value"].tolist() == alone.cases["p_value"].tolist()
    assert both.operators["cases"].tolist() == alone.operators["cases"].tolist()
    assert both.unjudged == []


def test_another_layer_of_the_same_name_in_the_same_rounds_counts_as_well(before):
    """The sum alone and the whole layer are both `involution (fused)`, with rounds of their own."""
    old, new = shared(entries(1), "other"), shared(entries(2), "other")
    for entry in (*old[len(old) // 2 :], *new[len(new) // 2 :]):
        data = entry["stats"]["data"]
        entry["stats"]["data"] = [1.01 * seconds for seconds in data]
        if entry["extra_info"]["is_baseline"]:
            entry["extra_info"]["baseline_seconds"] = entry["stats"]["data"]
    found = compare(run(old), run(new), 0.05)
    assert sorted(found.cases["fullname"]) == sorted(entry["fullname"] for entry in old)


def test_operators_that_share_rounds_do_not_repeat_each_other():
    old = entries(1)
    for entry in old:
        entry["extra_info"]["measurement"] = "one"
    found = compare(run(old[:8]), run(old[:8]), 0.05)
    assert len(found.cases) == 8  # four operators in two directions, in the same rounds


def with_twin(benchmarks, factor):
    """The same with a twin of each baseline, which takes longer by a factor."""
    twins = [copy.deepcopy(each) for each in benchmarks if each["extra_info"]["is_baseline"]]
    for twin in twins:
        twin["extra_info"] |= {"is_baseline": False, "is_twin": True, "implementation": "twin"}
        twin["fullname"] += "twin"
        twin["stats"]["data"] = [factor * seconds for seconds in twin["stats"]["data"]]
    return benchmarks + twins


def test_twins_and_baselines_fail_no_gate():
    old, new = with_twin(entries(1), 1.0), with_twin(entries(2), 2.0)
    for entry in new:
        if entry["extra_info"]["is_baseline"]:
            entry["stats"]["data"] = [3 * seconds for seconds in entry["stats"]["data"]]
    found = compare(run(old), run(new), 0.05)
    verdicts = found.cases.groupby("role")["verdict"].agg(set).to_dict()
    assert verdicts["twin"] == verdicts["baseline"] == {"slower"}
    assert "twin" not in set(found.operators["implementation"])
    assert judge(found, allow_missing=False)[0] == PASSED


def test_a_twin_that_is_gone_is_not_missed(before):
    old = with_twin(entries(1), 1.0)
    assert compare(run(old), run(entries(2)), 0.05).unjudged == []


def test_another_case_of_the_same_name_is_not_compared(before):
    new = entries(2)
    changed = next(entry for entry in new if "fused-forward-7" in entry["name"])
    changed["extra_info"] |= {"height": 64, "channels": 32}
    found = compare(before, run(new), 0.05)
    reason = "; ".join(
        f"another case: {change} after"
        for change in ("height 56 before, 64", "channels 64 before, 32", "filters 64 before, 32")
    )
    assert found.unjudged == [(changed["fullname"], reason)]
    assert changed["fullname"] not in set(found.cases["fullname"])
    assert judge(found, allow_missing=False)[0] == NOT_COMPARABLE
    assert judge(found, allow_missing=True)[0] == PASSED


def test_a_case_of_one_process_takes_the_scatter_of_the_others(before):
    new = entries(2)
    lonely = next(entry for entry in new if "fused-forward-7" in entry["name"])
    lonely["extra_info"]["process"] = [2] * len(lonely["stats"]["data"])
    found = compare(before, run(new), 0.05).cases.set_index("fullname")
    case = found.loc[lonely["fullname"]]
    assert case["detectable"] > found["detectable"].median()
    assert np.isfinite(case["p_value"])


def test_a_case_whose_scatter_nothing_tells_is_named():
    pair = [each for each in entries(1)[:4] if each["name"].endswith("forward-3]")]
    for entry in pair:
        entry["extra_info"]["process"] = [2] * len(entry["stats"]["data"])
    baseline = pair[0]["extra_info"]
    baseline["process"] = [1, 2] * (len(baseline["process"]) // 2)
    found = compare(run(pair), run(pair), 0.05)
    assert found.unjudged == [(pair[1]["fullname"], "too few processes to know their scatter")]


def test_the_table_has_each_case_with_its_interval(before):
    found = compare(before, run(entries(2, {"fused-forward-7": 0.3})), 0.05)
    table = changes.table(found)
    assert len(table.rows) == len(found.cases)
    assert [row[1] for row in table.rows].index("slower") == 0
    assert table.rows[0][0].endswith("[involution-fused-forward-7]")
    assert " to " in table.rows[0][2]
    assert table.rows[0][3].endswith(" %")
    assert [row[:2] for row in changes.operators_table(found).rows][:2] == [
        ["depthwise convolution", "forward"],
        ["depthwise convolution", "training"],
    ]
    assert "beyond 5 %" in changes.rule(found)
