"""A run as rows: what the results file says, and what the report would say of it."""

import json
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reports.archive.schema import DIGITS, SCHEMA
from reports.archive.table import NamedRun, digest, month, rounded, tables
from reports.sweeps.load import from_document
from reports.sweeps.record import Record
from reports.sweeps.stages import FILLED
from tests.reports.archive.rows import rows_of

# Numbers with a fraction are rounded to this.
NEAR = 2.0**-DIGITS


@pytest.fixture
def rows(document):
    """The rows of a run by test id."""
    return {row["fullname"]: row for row in rows_of(document)}


@given(
    values=arrays(
        np.float64,
        st.integers(0, 20),
        elements=st.floats(1e-12, 1e9) | st.just(0.0) | st.just(np.nan),
    ),
    digits=st.integers(1, 40),
)
def test_rounded_numbers_are_near_and_have_few_digits(values, digits):
    found = rounded(values, digits)
    assert np.array_equal(np.isnan(found), np.isnan(values))
    known = ~np.isnan(values)
    assert np.all(np.abs(found - values)[known] <= values[known] * 2.0 ** -(digits + 1))
    fractions = np.frexp(found[known])[0] * 2 ** (digits + 1)
    assert np.array_equal(fractions, np.round(fractions))


def test_each_record_keeps_its_keys(document, rows):
    for entry in document["benchmarks"]:
        row, record = rows[entry["fullname"]], entry["extra_info"]
        for name in ("sweep", "operator", "batch", "groups", "macs", "is_twin", "measurement"):
            assert row[name] == record[name]
        assert row["kernel_size"] == str(record["kernel_size"])
        assert row["axis_value"] == str(record["axis_value"])
        assert row["is_measured"]


def test_the_rounds_can_be_had_back(document, rows):
    for entry in document["benchmarks"]:
        row = rows[entry["fullname"]]
        assert row["round_seconds"] == pytest.approx(entry["stats"]["data"], rel=NEAR)
        baseline = entry["extra_info"]["baseline_seconds"]
        assert row["baseline_seconds"] == pytest.approx(baseline, rel=NEAR)
        ratios = np.divide(entry["stats"]["data"], baseline)
        assert row["ratio"] == pytest.approx(statistics.median(ratios), rel=NEAR)
        assert row["seconds"] == pytest.approx(statistics.median(entry["stats"]["data"]), rel=NEAR)
        assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"]


def test_the_rows_say_what_the_report_says(document, rows):
    judged = from_document(document, "bench.json").judged.set_index("fullname")
    for fullname, expected in judged.iterrows():
        for name in ("verdict", "best_rival", "best_verdict", "processes", "is_short"):
            assert rows[fullname][name] == (None if pd.isna(expected[name]) else expected[name])
        for name in ("ratio_low", "ratio_high", "seconds_high", "floor_high", "best_ratio"):
            value = np.nan if rows[fullname][name] is None else rows[fullname][name]
            assert value == pytest.approx(expected[name], rel=NEAR, nan_ok=True)


def test_what_was_not_measured_has_its_reason_and_no_numbers(document, rows):
    row = rows[""]
    assert not row["is_measured"]
    assert row["notes"] == ["not measured: too large"]
    assert row["implementation"] == "patches-new"
    assert row["measurement"] == document["unmeasured"][0]["measurement"]
    assert row["record"] == len(document["benchmarks"])
    for name in ("seconds", "ratio", "verdict", "round_seconds", "rounds", "processes"):
        assert row[name] is None


def test_every_row_says_which_run_it_is_of(rows):
    for row in rows.values():
        assert (row["run"], row["source"], row["sweep_size"]) == ("abc", "bench.json", "default")
        assert row["commit"] == "0123456789abcdef"
        assert row["measured_at"].isoformat() == "2026-01-02T03:04:05+00:00"
        assert row["commit_time"].isoformat() == "2026-01-02T03:04:05+00:00"
        assert row["branch"] == "main"
        assert row["dirty"] is False
        assert row["machine"] == "Example CPU 2.0, 2 cores, 8 GiB"
        assert json.loads(row["conditions"]) == {"load": 0.5}
        assert json.loads(row["machine_info"])["node"] == "lab-1"
        assert "keras 3.15.1" in row["software"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-30T23:30:00-02:00", "2026-12"),
        ("2026-11-30T23:30:00", "2026-11"),
        ("2026-11-30T23:30:00Z", "2026-11"),
        ("0001-01-01T00:00:00+10:00", "unknown"),
        ("yesterday", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_month_is_that_of_the_moment_in_utc(document, when, expected):
    assert month(from_document({**document, "datetime": when}, "bench.json")) == expected


@pytest.mark.parametrize(
    "commit", [None, 5, "", "unversioned", "0123456789abcdeg", "<b>", "a" * 65]
)
def test_what_is_no_commit_is_null(document, commit):
    info = {"id": commit, "time": 3, "branch": [], "dirty": "yes"}
    for row in rows_of({**document, "commit_info": info}):
        assert {row[name] for name in ("commit", "commit_time", "branch", "dirty")} == {None}


def test_a_run_with_nothing_but_records_has_rows(builder):
    benchmarks = builder.whole_case("stride", strides=2)
    bare = {"suite": {"format": 2}, "benchmarks": benchmarks}
    first, *_ = rows_of(bare)
    assert first["machine"] == "not stated"
    assert first["measured_at"] is None
    assert first["record"] is not None


def test_the_digest_is_of_the_content_alone(document):
    again = json.loads(json.dumps(document, indent=3, sort_keys=True))
    assert digest(again) == digest(document)
    assert digest({**document, "datetime": "2026-01-02T03:04:06+00:00"}) != digest(document)


def test_every_key_is_kept_of_a_record_without_a_measurement(document):
    missing = next(row for row in rows_of(document) if not row["is_measured"])
    record = document["unmeasured"][0]
    for name in Record.model_fields.keys() - FILLED:
        assert (missing[name] is None) == (record[name] is None), name


def test_runs_that_are_judged_together_are_judged_as_each_by_itself(document, at_commit, builder):
    other = builder.document(builder.sweep("groups"), unmeasured=[], datetime="")
    documents = [document, other, at_commit("2" * 40)]
    runs = [
        NamedRun(from_document(each, "a run"), f"run-{place}", "bench.json")
        for place, each in enumerate(documents)
    ]
    together = tables(runs)
    for run, found in zip(runs, together, strict=True):
        assert found.schema.equals(SCHEMA)
        assert found.equals(tables([run])[0])
