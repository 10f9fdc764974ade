"""The numbers of a comparison, against values worked out by hand."""

from math import exp, log, nan, sqrt
from statistics import mean, median, variance
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from reports.sweeps.comparison import changed, compare
from reports.sweeps.differences import differences
from reports.sweeps.estimates import EXPECTED_SCATTER, estimated
from reports.sweeps.intervals import intervals
from reports.sweeps.load import from_document
from reports.sweeps.moderation import moderated
from reports.sweeps.pooling import pooled
from reports.sweeps.processes import by_process
from reports.sweeps.significance import judged
from reports.sweeps.surplus import EXPECTED_CASES
from tests.reports.sweeps.simulated import Pairs


def cases_of(names, operators=None):
    return pd.DataFrame(
        {
            "fullname": list(names),
            "operator": operators or [f"operator of {name}" for name in names],
            "implementation": "keras",
            "direction": "forward",
        }
    )


def side(**middles):
    """Medians of the processes of each case, as `by_process` returns them."""
    rows = [(name, p, value) for name, each in middles.items() for p, value in enumerate(each)]
    return pd.DataFrame(rows, columns=["fullname", "process", "middle"])


def test_rounds_are_split_by_process(builder):
    builder.rounds = 9
    entries = [builder.record("stride", "convolution"), builder.record("stride", "involution")]
    numbers = [1, 1, 1, 2, 2, 2, 2, 4, 4]
    entries[1]["extra_info"]["process"] = numbers
    run = from_document(builder.document(entries), "run.json")
    table = by_process(run.records).set_index(["fullname", "process"])
    seconds, baseline = entries[1]["stats"]["data"], entries[1]["extra_info"]["baseline_seconds"]
    for process in (1, 2, 4):
        own = [
            log(time / other)
            for time, other, number in zip(seconds, baseline, numbers, strict=True)
            if number == process
        ]
        row = table.loc[entries[1]["fullname"], process]
        assert row["middle"] == pytest.approx(median(own))
        assert row["rounds"].tolist() == pytest.approx(own)
    alone = table.loc[entries[0]["fullname"]]
    assert alone.index.tolist() == [1]  # one process ran all
    logs = [log(time) for time in entries[0]["stats"]["data"]]
    assert alone["middle"].tolist() == pytest.approx([median(logs)])


def test_a_change_from_processes_by_hand():
    # Operators of their own: no two cases are held against each other, and there is no surplus.
    old = {"a": [0.0, 0.1, 0.2], "b": [0.0, 0.3, 0.3], "c": [0.4, 0.5, 0.9], "d": [0.0]}
    new = {"a": [0.5, 0.6], "b": [0.1, 0.5], "c": [1.0, 1.1], "d": [0.7, 0.8]}
    found = estimated(cases_of("abcd"), side(**old), side(**new), scatter="processes")
    pools = [2 * variance(old[name]) + variance(new[name]) for name in "abc"]
    own = np.array([pool / 3 for pool in pools] + [variance(new["d"])])
    expected, degrees = moderated(own, np.array([3.0, 3.0, 3.0, 1.0]))
    shares = np.array([1 / 3 + 1 / 2] * 3 + [1 + 1 / 2])
    assert found["variance"].to_numpy() == pytest.approx(expected * shares)
    assert found["degrees"].to_numpy() == pytest.approx(degrees)
    by_hand = [mean(new[name]) - mean(old[name]) for name in "abcd"]
    assert found["log_change"].to_numpy() == pytest.approx(by_hand)
    assert found["before"].to_numpy() == pytest.approx([exp(mean(old[name])) for name in "abcd"])


def test_cases_keep_their_rows_whatever_the_order():
    old, new = side(a=[0.0], b=[1.0]), side(b=[1.5], a=[0.25])
    for table in (old, new):
        table["rounds"] = [np.full(6, middle) for middle in table["middle"]]
    found = estimated(cases_of("ba"), old, new, scatter="rounds")
    assert found["log_change"].tolist() == [0.5, 0.25]


def test_a_change_from_rounds_by_hand():
    random = np.random.default_rng(0)
    rounds = random.normal(0, 0.1, (3, 20))
    old = side(a=[0.0]).assign(rounds=[rounds[0]])
    new = side(a=[0.3, 0.5]).assign(rounds=[rounds[1], rounds[2]])
    found = estimated(cases_of("a"), old, new, scatter="rounds")
    ends = intervals(rounds)
    first, second, third = (ends[:, 1] - ends[:, 0]) / (2 * 1.95996)
    within = first**2 + (second**2 + third**2) / 4
    assert found["log_change"].tolist() == pytest.approx([0.4])
    assert found["variance"].iloc[0] == pytest.approx(within + 2 * EXPECTED_SCATTER**2, rel=1e-4)


def test_a_process_with_too_few_rounds_makes_no_change_more_certain():
    rounds = np.random.default_rng(1).normal(0, 0.1, 20)
    old = side(a=[0.0]).assign(rounds=[rounds])
    new = side(a=[0.3, 0.3]).assign(rounds=[rounds, rounds[:3]])
    found = estimated(cases_of("a"), old, new, "rounds")
    low, high = intervals(rounds[None])[0]
    error = (high - low) / (2 * 1.95996)
    within = error**2 + error**2 / 2
    assert found["variance"].iloc[0] == pytest.approx(within + 2 * EXPECTED_SCATTER**2, rel=1e-4)


def test_the_scatter_of_one_process_comes_from_the_cases():
    old, new = side(a=[0.0], b=[0.0], c=[0.0]), side(a=[0.0], b=[0.1], c=[0.3])
    for table in (old, new):
        table["rounds"] = [np.full(6, middle) for middle in table["middle"]]
    found = estimated(cases_of("abc", ["one"] * 3), old, new, scatter="rounds")
    # Differences 0.1, 0.2, 0.3; the upper quartile of Student's t with 4.5 degrees is 0.7328.
    raw, weight = (0.2 / 0.7328) ** 2 / 2, 2 / (2 + EXPECTED_CASES)
    by_hand = raw * weight + 2 * EXPECTED_SCATTER**2 * (1 - weight)
    assert found["variance"].to_numpy() == pytest.approx([by_hand] * 3, rel=1e-3)


def means(cases, *sides):
    return judged(pooled(cases, *sides, scatter="processes"), 0.05)


def test_an_operator_by_hand_where_its_cases_scatter():
    pairs = Pairs(0, cases=24)
    cases = pairs.cases.assign(log_change=np.repeat([0.1, 0.3, 0.2], 8), variance=1.0)
    same = side(**{name: [0.0, 0.0] for name in cases["fullname"]})
    found = means(cases, same, same)
    assert found["cases"].tolist() == [3] * 8
    assert found["change"].to_numpy() == pytest.approx([exp(0.2)] * 8)
    assert found["variance"].to_numpy() == pytest.approx([0.1**2 / 3] * 8)
    assert found["degrees"].tolist() == [2.0] * 8
    half = 4.3027 * sqrt(0.1**2 / 3)  # Student's t with two degrees of freedom
    assert found["low"].to_numpy() == pytest.approx([exp(0.2 - half)] * 8, rel=1e-4)


def test_an_operator_by_hand_where_its_processes_scatter():
    cases = cases_of("abc", ["one"] * 3).assign(log_change=0.2, variance=1.0)
    # Effects of processes that all cases share, on levels of their own.
    old = side(a=[0.0, 0.1], b=[1.0, 1.1], c=[2.0, 2.1])
    new = side(a=[0.2, 0.3, 0.4], b=[1.2, 1.3, 1.4], c=[2.2, 2.3, 2.4])
    [row] = means(cases, old, new).to_dict("records")
    squares = variance([0.0, 0.1]) + 2 * variance([0.0, 0.1, 0.2])
    assert row["variance"] == pytest.approx(squares / 3 * (1 / 2 + 1 / 3))
    assert row["degrees"] == 3


def test_an_operator_of_two_cases_has_no_statement_of_its_own():
    cases = cases_of("abcd", ["one"] * 2 + ["other"] * 2).assign(log_change=0.2, variance=1.0)
    same = side(**{name: [0.0, 0.0] for name in "abcd"})
    assert means(cases, same, same).empty
    unknown = cases_of("abc", ["one"] * 3).assign(log_change=[0.1, 0.2, nan], variance=1.0)
    assert means(unknown, same, same).empty


def test_changed_cases_come_with_the_largest_change_first():
    cases = pd.DataFrame(
        {
            "verdict": ["faster", "unchanged", "slower", "undecided", "slower"],
            "change": [0.5, 1.0, 1.2, 9.0, 3.0],
        }
    )
    assert changed(cases).index.tolist() == [4, 2, 0]


def run_on(info, size="default", cache=()):
    records = pd.DataFrame({"cache": pd.Series(cache, dtype=object)})
    return SimpleNamespace(machine_info=info, sweep_size=size, records=records)


def test_machines_differ_in_what_identifies_them_alone():
    processor = {"brand_raw": "A", "flags": ["avx", "avx2"]}
    info = {"cpu": processor, "cores": 2, "load": 0.1, "memory_bytes": 2**33}
    other = {**info, "cpu": {"brand_raw": "B"}, "load": 3.0, "memory_bytes": 2**34, "keras": "3"}
    before, after = run_on(info, cache=["warm", None]), run_on(other, "quick", ["cold", "warm"])
    assert differences(before, before) == []
    assert differences(before, after) == [
        "processor: A before, B after",
        "memory: 8 GiB before, 16 GiB after",
        "vectors: AVX2 before, not stated after",
        "keras: not stated before, 3 after",
        "sweep size: default before, quick after",
        "cache: warm before, cold and warm after",
    ]


def test_operators_are_compared_by_ratio_and_baselines_by_time(builder):
    first = [builder.record("stride", "convolution"), builder.record("stride", "involution")]
    gone, new = (builder.record("stride", "involution", strides=n) for n in (2, 3))
    before = from_document(builder.document([*first, gone]), "old.json")
    after = from_document(builder.document([*first, new]), "new.json")
    found = compare(before, after, 0.07)
    assert found.cases["quantity"].tolist() == ["ratio", "seconds"]
    assert found.cases["role"].tolist() == ["operator", "baseline"]
    assert found.cases["fullname"].tolist() == [first[1]["fullname"], first[0]["fullname"]]
    assert found.cases.index.tolist() == [0, 1]
    assert found.cases["change"].tolist() == pytest.approx([1.0, 1.0])
    assert found.unjudged == [(gone["fullname"], "not in the newer run")]
    assert found.only_after == [new["fullname"]]
    assert found.threshold == 0.07
    assert found.differences == []
    assert found.processes == (1, 1)


def test_a_run_without_records_is_named(builder):
    run = from_document(builder.document([builder.record("stride", "convolution")]), "run.json")
    empty = from_document(builder.document([]), "empty.json")
    for pair in ((run, empty), (empty, run)):
        with pytest.raises(ValueError, match=r"records on either side\. .* none in empty\.json"):
            compare(*pair)
