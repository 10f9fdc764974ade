"""Real sweeps, small ones, as a user runs them: from the command line to the report."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bench.bench_stride import SWEEP
from bench.operators import pairs
from bench.records import Record

ROOT = Path(__file__).parents[2]
TINY = ("bench", "--benchmark-only", "--sweep-size=quick", "-k=stride and forward")


def run(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **options,
    )


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """The finished process of a tiny sweep, and its results file."""
    path = tmp_path_factory.mktemp("sweep") / "new" / "bench.json"
    time = "--benchmark-max-time=0.02"
    return run("pytest", *TINY, time, f"--benchmark-json={path}"), path


def test_a_sweep_ends_with_the_ratios_and_where_the_results_are(sweep):
    process, path = sweep
    assert process.returncode == 0, process.stdout + process.stderr
    assert "convolution-forward-2" in process.stdout
    assert "x convolution" in process.stdout
    assert "involution" in process.stdout.split("involution against convolution")[1]
    assert f"Results: {path}" in process.stdout
    assert f"python -m reports {path}" in process.stdout


def test_each_benchmark_leaves_a_whole_record(sweep):
    content = json.loads(sweep[1].read_text())
    assert content["suite"] == {"format": 1, "sweep_size": "quick"}
    assert content["unmeasured"] == []
    assert content["machine_info"]["tensorflow"]
    assert "hz_actual" not in content["machine_info"]["cpu"]
    planned = [case for _, case in pairs(SWEEP, "quick") if case.direction == "forward"]
    assert len(content["benchmarks"]) == len(planned)
    for benchmark in content["benchmarks"]:
        record = benchmark["extra_info"]
        assert list(record) == [field.name for field in fields(Record)]
        assert record["sweep"] == "stride"
        assert record["rounds"] == len(benchmark["stats"]["data"]) >= 5
        assert len(record["baseline_seconds"]) == record["rounds"]
        assert record["peak_memory_bytes"] > 0
        assert record["compile_seconds"] > min(benchmark["stats"]["data"])


def test_the_report_is_made_from_the_results(sweep, tmp_path):
    page = tmp_path / "report.html"
    process = run("reports", sweep[1], "-o", page)
    assert process.returncode == 0, process.stderr
    assert "involution" in page.read_text()


def test_what_cannot_run_leaves_a_record_and_the_sweep_goes_on(tmp_path):
    path = tmp_path / "bench.json"
    process = run("pytest", "-p", "tests.bench.broken", *TINY, f"--benchmark-json={path}")
    assert process.returncode == 1
    content = json.loads(path.read_text())
    assert [b["extra_info"]["operator"] for b in content["benchmarks"]] == ["convolution"] * 2
    records = content["unmeasured"]
    assert [(r["operator"], r["strides"]) for r in records] == [("broken", 1), ("broken", 2)]
    assert records[0]["notes"] == ["not measured: MemoryError: no room for this operator"]
    assert records[0]["baseline_seconds"] is None


@pytest.mark.parametrize("name", ["file/bench.json", "."])
def test_results_that_cannot_be_written_stop_the_run_before_the_sweep(tmp_path, name):
    (tmp_path / "file").touch()
    process = run("pytest", *TINY, f"--benchmark-json={tmp_path / name}")
    assert process.returncode == 4
    assert "must be writable" in process.stderr
    assert "PASSED" not in process.stdout


def test_unknown_sweep_sizes_are_refused():
    process = run("pytest", *TINY, "--sweep-size=huge")
    assert process.returncode == 4
    assert "quick" in process.stderr
