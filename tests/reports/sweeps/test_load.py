"""Loading: valid files become typed columns, everything else a reason."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.kinds import read
from reports.sources.files import UnreadableError
from reports.sweeps.load import from_document
from reports.sweeps.record import MeasuredRecord
from tests.reports.conftest import in_format_1

# Seconds are not in the record itself: they are the benchmark's `stats.data`.
KEYS = sorted(set(MeasuredRecord.model_fields) - {"seconds"})


@pytest.fixture
def document(builder):
    return builder.document(
        [builder.record("kernel_size", "convolution"), builder.record("kernel_size", "involution")]
    )


def only_reason(results):
    assert len(results.problems) == 1
    return results.problems[0][1]


def loaded(path):
    """The one run of a file, with its records and problems."""
    return read([path]).sources[0].content


def test_a_valid_file_gives_typed_columns(document, write):
    path = write(document)
    run = loaded(path)
    assert run.problems == ()
    assert len(run.records) == 2
    types = {"groups": "int64", "macs": "float64", "is_baseline": "bool", "seconds": "object"}
    assert {name: str(run.records[name].dtype) for name in types} == types
    assert set(KEYS) <= set(run.records.columns)
    assert set(run.records["file"]) == {str(path)}
    assert run.records["axis_value"].tolist() == [7, 7]
    assert run.records["is_baseline"].tolist() == [True, False]
    first = document["benchmarks"][0]
    np.testing.assert_array_equal(run.records["seconds"][0], first["stats"]["data"])
    assert run.records["fullname"][0] == first["fullname"]
    assert math.isnan(run.records["counted_flops"][0])
    assert (run.sweep_size, run.machine_info["cores"]) == ("default", 2)


def test_a_run_without_records_has_empty_typed_tables(builder):
    case = builder.record("stride", "involution")["extra_info"]
    run = from_document(builder.document([], unmeasured=[case]), "x")
    assert list(run.records["macs"]) == []
    assert str(run.records["macs"].dtype) == "float64"
    assert set(KEYS) <= set(run.records.columns)


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
        ('{"benchmarks": [], "suite": {"format": 3}}', "suite.format=1 or 2. Received: 3"),
        ('{"benchmarks": [], "suite": {"format": true}}', "Received: True"),
        ('{"benchmarks": [], "suite": {"format": 2}}', "no valid record"),
        ('{"benchmarks": [], "suite": {"format": 2}, "unmeasured": 3}', "expected a list"),
    ],
)
def test_a_bad_file_is_a_problem_with_its_reason(write, content, reason):
    path = write(content)
    results = read([path])
    assert reason in only_reason(results)
    assert results.problems[0][0] == str(path)
    assert results.empty


def test_a_missing_file_says_how_to_make_one(tmp_path):
    assert "pytest bench --benchmark-only" in only_reason(read([tmp_path / "none.json"]))


def test_bytes_that_are_no_text_are_a_problem(tmp_path):
    path = tmp_path / "image.json"
    path.write_bytes(b"\x89PNG\xff")
    assert "not UTF-8" in only_reason(read([path]))


def test_a_file_without_raw_rounds_names_the_option(document, write):
    for benchmark in document["benchmarks"]:
        del benchmark["stats"]["data"]
    assert "--benchmark-save-data" in only_reason(read([write(document)]))


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("macs", "many", "macs: expected an integer of at least 0 or null. Received: 'many'"),
        ("height", 0, "height: expected an integer of at least 1. Received: 0"),
        ("groups", True, "groups: expected an integer of at least 1. Received: True"),
        ("strides", None, 'or two of them as "3x7". Received: null'),
        ("kernel_size", "3x0", "or two of them as \"3x7\". Received: '3x0'"),
        ("parameters", 10**400, "parameters: expected"),
        ("notes", [1], "notes: expected a list of strings. Received: [1]"),
        ("direction", "back", "direction: expected one of forward, training. Received: 'back'"),
        ("is_baseline", 1, "is_baseline: expected true or false. Received: 1"),
        ("axis", "nowhere", "axis: expected the name of a key"),
        (
            "baseline_seconds",
            [1.0, 2.0],
            "round of stats.data. Received: 50 seconds, 2 baseline_seconds",
        ),
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
    run = loaded(write(document))
    assert reason in only_reason(run)
    assert document["benchmarks"][1]["fullname"] in only_reason(run)
    assert len(run.records) == 1


REQUIRED = [name for name in KEYS if MeasuredRecord.model_fields[name].is_required()]


@pytest.mark.parametrize("key", REQUIRED)
def test_each_missing_key_is_named(document, write, key):
    del document["benchmarks"][1]["extra_info"][key]
    assert f"{key}: missing" in only_reason(loaded(write(document)))


def test_equal_faults_are_one_problem_with_a_count(builder, write):
    benchmarks = builder.sweep("stride")
    for benchmark in benchmarks[:5]:
        benchmark["extra_info"]["macs"] = "many"
    assert only_reason(loaded(write(builder.document(benchmarks)))).startswith("5 records")


def test_a_second_record_of_the_same_point_is_left_out(document, write):
    document["benchmarks"].append(document["benchmarks"][0])
    run = loaded(write(document))
    assert len(run.records) == 2
    assert "same point" in only_reason(run)


def test_unmeasured_cases_need_no_measurement(builder, document, write):
    case = builder.record("kernel_size", "involution", kernel_size=15)["extra_info"]
    for key in ("macs", "baseline_seconds", "rounds", "compile_seconds"):
        case[key] = None
    case["notes"] = ["too much memory"]
    run = loaded(write({**document, "unmeasured": [case]}))
    assert run.problems == ()
    assert run.unmeasured["axis_value"].tolist() == [15]
    assert run.unmeasured["notes"].tolist() == [["too much memory"]]


def test_a_sweep_over_an_unknown_key_and_over_a_string(builder, write):
    records = [
        builder.record("dilation_rate", "convolution", dilation_rate=2),
        builder.record("dtype", "convolution", dtype="float16"),
    ]
    run = loaded(write(builder.document(records)))
    assert run.problems == ()
    assert run.records["axis_value"].tolist() == [2, "float16"]


def test_what_cannot_be_shown_is_replaced(document):
    document["benchmarks"][0]["extra_info"]["notes"] = ["\x1b[31mred\ud800\nline"]
    document["benchmarks"][0]["fullname"] += "\x1b"
    document["benchmarks"][0]["extra_info"].update(axis="place", place="a\tb")
    document["machine_info"]["node"] = "\x00"
    run = from_document(document, "x")
    assert run.records["notes"][0] == ["�[31mred� line"]
    assert run.records["fullname"][0].endswith("�")
    assert run.records["axis_value"][0] == "a b"
    assert run.machine_info["node"] == "�"


@pytest.mark.parametrize("axis", ["__doc__", "model_config", "is_baseline", "notes", "seconds"])
def test_an_axis_is_a_key_that_holds_a_number_or_a_string(document, axis):
    document["benchmarks"][0]["extra_info"]["axis"] = axis
    assert f"Received: {axis!r}" in only_reason(from_document(document, "x"))


def test_what_a_file_says_of_itself_never_hides_its_records(document):
    nested = []
    for _ in range(5000):
        nested = [nested]
    strange = {
        "machine_info": {"node": nested},
        "commit_info": 3,
        "datetime": 5,
        "version": None,
        "conditions": {"load": "high", "peak_flops": 1e12},
        "unmeasured": None,
    }
    run = from_document({**document, **strange}, "x")
    assert len(run.records) == 2
    assert (run.machine_info, run.commit_info, run.datetime) == ({}, {}, "5")
    assert run.conditions == {"peak_flops": 1e12}
    document["benchmarks"][0]["extra_info"]["macs"] = nested
    assert "nested too deeply" in only_reason(from_document(document, "x"))


def test_format_1_is_read_and_what_it_lacks_is_said(builder):
    entries = [
        builder.record("groups", "convolution"),
        builder.record("groups", "convolution", "tensorflow"),
        builder.record("groups", "convolution", groups=4),
        builder.record("models", "convolution", "resnet50"),
    ]
    missing = {"sweep": "groups", "axis": "groups", "notes": ["too much memory"]}
    new = builder.document(entries, unmeasured=[{**entries[1]["extra_info"], **missing}])
    old = in_format_1(new)
    for key in ("label", "macs"):
        del old["unmeasured"][0][key]
    del old["benchmarks"][0]["extra_info"]["label"]
    run = from_document(old, "old.json")
    assert run.problems == ()
    assert run.records["is_baseline"].tolist() == [True, False, False, True]
    assert set(run.records["backend"]) == {"tensorflow"}
    assert run.records["label"][0] == ""
    truth = from_document(new, "new.json").records
    assert run.records["macs"].tolist()[:3] == truth["macs"].tolist()[:3]
    model = run.records.iloc[3]
    assert model["published_operations"] == truth["published_operations"][3]
    assert np.isnan([model["macs"], model["flops"]]).all()
    assert run.unmeasured["notes"].tolist() == [["too much memory"]]
    assert sum("Written in format 1" in warning for warning in run.warnings) == 1
    assert from_document(new, "new.json").warnings == ()


@pytest.mark.parametrize("key", ["macs", "profiler_flops", "baseline_seconds", "groups"])
def test_a_record_of_format_1_must_hold_what_it_always_held(document, key):
    old = in_format_1(document)
    del old["benchmarks"][1]["extra_info"][key]
    name = {"profiler_flops": "counted_flops"}.get(key, key)
    assert f"{name}: missing" in only_reason(from_document(old, "x"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
run_like = st.fixed_dictionaries(
    {
        "suite": st.fixed_dictionaries(
            {"format": st.sampled_from([1, 2]), "sweep_size": json_values}
        ),
        "benchmarks": st.lists(
            st.fixed_dictionaries(
                {
                    "fullname": json_values,
                    "stats": st.fixed_dictionaries({"data": json_values}) | json_values,
                    "extra_info": st.dictionaries(st.sampled_from(KEYS), json_values) | json_values,
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
        run = from_document(json.loads(json.dumps(content)), "random.json")
        assert run.problems or len(run.records) + len(run.unmeasured)
