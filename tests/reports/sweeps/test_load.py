"""Loading: sound files become typed columns, every kind of bad file a reason."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.sources.files import UnreadableError
from reports.sweeps.load import from_document, load
from reports.sweeps.schema import RECORD


@pytest.fixture
def document(builder):
    return builder.document(
        [builder.record("kernel_size", "convolution"), builder.record("kernel_size", "involution")]
    )


def only_reason(results):
    assert len(results.problems) == 1
    return results.problems[0][1]


def test_a_sound_file_gives_typed_columns(document, write):
    path = write(document)
    results = load([path])
    assert results.problems == []
    assert len(results.records) == 2
    assert {name: str(results.records[name].dtype) for name in RECORD} == {
        name: key.dtype for name, key in RECORD.items()
    }
    assert set(results.records["file"]) == {str(path)}
    assert results.records["axis_value"].tolist() == [7, 7]
    first = document["benchmarks"][0]
    np.testing.assert_array_equal(results.records["seconds"][0], first["stats"]["data"])
    assert results.records["fullname"][0] == first["fullname"]
    assert math.isnan(results.records["profiler_flops"][0])
    run = results.runs[0]
    assert (run.records, run.sweep_size, run.machine_info["cores"]) == (2, "default", 2)


def test_no_file_gives_empty_typed_tables():
    results = load([])
    assert list(results.records["macs"]) == []
    assert set(RECORD) <= set(results.records.columns)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ('{"benchmarks": [1, 2', "cut short"),
        ('{"benchmarks": [1, 2', "line 1, column"),
        ('{"a": 1,\n b}', "line 2, column 2"),
        ("[1, 2]", "expected a run of this benchmark"),
        ("[" * 100_000, "not JSON that can be read"),
        ("1" * 5000, "not JSON that can be read"),
        ('{"benchmarks": []}', "Received the keys: 'benchmarks'"),
        ('{"benchmarks": [], "suite": {"format": 2}}', "suite.format=1. Received: 2"),
        ('{"benchmarks": [], "suite": {"format": true}}', "Received: True"),
        ('{"benchmarks": [], "suite": {"format": 1}}', "no sound record"),
        ('{"benchmarks": [], "suite": {"format": 1}, "unmeasured": 3}', "expected a list"),
    ],
)
def test_a_bad_file_is_a_problem_with_its_reason(write, content, reason):
    path = write(content)
    results = load([path])
    assert reason in only_reason(results)
    assert results.problems[0][0] == str(path)
    assert results.records.empty


def test_a_missing_file_says_how_to_make_one(tmp_path):
    assert "pytest bench --benchmark-only" in only_reason(load([tmp_path / "none.json"]))


def test_a_folder_without_results_says_what_was_expected(tmp_path):
    assert "holds no results: expected Training on CIFAR" in only_reason(load([tmp_path]))


def test_bytes_that_are_no_text_are_a_problem(tmp_path):
    path = tmp_path / "image.json"
    path.write_bytes(b"\x89PNG\xff")
    assert "not UTF-8" in only_reason(load([path]))


def test_a_bad_file_does_not_stop_the_others(document, write):
    results = load([write("", "bad.json"), write(document, "good.json")])
    assert len(results.records) == 2
    assert "bad.json" in results.problems[0][0]


def test_the_same_file_twice_is_counted_once(document, write):
    path = write(document)
    results = load([path, path.parent / ".." / path.parent.name / path.name])
    assert len(results.records) == 2
    assert "twice" in only_reason(results)


def test_a_file_without_raw_rounds_names_the_option(document, write):
    for benchmark in document["benchmarks"]:
        del benchmark["stats"]["data"]
    assert "--benchmark-save-data" in only_reason(load([write(document)]))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("macs", "many", "macs: expected an integer of at least 0. Received: 'many'"),
        ("height", 0, "height: expected an integer of at least 1. Received: 0"),
        ("groups", True, "groups: expected an integer of at least 1. Received: True"),
        ("strides", None, "strides: expected an integer of at least 1. Received: null"),
        ("parameters", 10**400, "parameters: expected"),
        ("notes", [1], "notes: expected a list of texts"),
        ("axis", "nowhere", "axis: expected the name of a key"),
        ("baseline_seconds", [1.0, 2.0], "expected one a round of stats.data"),
        ("baseline_seconds", [math.nan] * 50, "expected a list of numbers of seconds above 0"),
        ("baseline_seconds", [0.0] * 50, "expected a list of numbers of seconds above 0"),
        ("baseline_seconds", [-1.0] * 50, "expected a list of numbers of seconds above 0"),
        ("baseline_seconds", [1e-320] * 50, "expected a list of numbers of seconds above 0"),
        ("baseline_seconds", [], "expected a list of numbers of seconds above 0"),
        ("baseline_seconds", [math.inf] * 50, "expected a list of numbers of seconds above 0"),
    ],
)
def test_a_bad_record_is_left_out_with_its_reason(document, write, key, value, reason):
    document["benchmarks"][1]["extra_info"][key] = value
    results = load([write(document)])
    assert reason in only_reason(results)
    assert document["benchmarks"][1]["fullname"] in only_reason(results)
    assert len(results.records) == 1


@pytest.mark.parametrize("key", sorted(set(RECORD) - {"seconds"}))
def test_each_missing_key_is_named(document, write, key):
    del document["benchmarks"][1]["extra_info"][key]
    assert f"{key}: missing" in only_reason(load([write(document)]))


def test_equal_faults_are_one_problem_with_a_count(builder, write):
    benchmarks = builder.sweep("stride")
    for benchmark in benchmarks[:5]:
        benchmark["extra_info"]["macs"] = "many"
    assert only_reason(load([write(builder.document(benchmarks))])).startswith("5 records")


def test_a_second_record_of_the_same_point_is_left_out(document, write):
    document["benchmarks"].append(document["benchmarks"][0])
    results = load([write(document)])
    assert len(results.records) == 2
    assert "same point" in only_reason(results)


def test_unmeasured_cases_need_no_measurement(builder, document, write):
    case = builder.record("kernel_size", "involution", kernel_size=15)["extra_info"]
    for key in ("macs", "baseline_seconds", "rounds", "compile_seconds"):
        case[key] = None
    case["notes"] = ["too much memory"]
    results = load([write({**document, "unmeasured": [case]})])
    assert results.problems == []
    assert results.unmeasured["axis_value"].tolist() == [15]
    assert results.unmeasured["notes"].tolist() == [["too much memory"]]


def test_a_sweep_over_an_unknown_key_and_over_a_text(builder, write):
    records = [
        builder.record("dilation_rate", "convolution", dilation_rate=2),
        builder.record("dtype", "convolution", dtype="float16"),
    ]
    results = load([write(builder.document(records))])
    assert results.problems == []
    assert results.records["axis_value"].tolist() == [2, "float16"]


def test_what_cannot_be_shown_is_replaced(document):
    document["benchmarks"][0]["extra_info"]["notes"] = ["\x1b[31mred\ud800\nline"]
    assert from_document(document, "x").records["notes"][0] == ["�[31mred� line"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
run_like = st.fixed_dictionaries(
    {
        "suite": st.fixed_dictionaries({"format": st.just(1), "sweep_size": json_values}),
        "benchmarks": st.lists(
            st.fixed_dictionaries(
                {
                    "fullname": json_values,
                    "stats": st.fixed_dictionaries({"data": json_values}) | json_values,
                    "extra_info": st.dictionaries(st.sampled_from(sorted(RECORD)), json_values)
                    | json_values,
                }
            )
            | json_values,
            max_size=3,
        ),
        "machine_info": json_values,
        "commit_info": json_values,
        "unmeasured": json_values,
        "datetime": json_values,
    }
)


@given(json_values | run_like)
def test_no_content_makes_loading_fail(content):
    with contextlib.suppress(UnreadableError):
        results = from_document(json.loads(json.dumps(content)), "random.json")
        assert results.problems or len(results.records) + len(results.unmeasured)
