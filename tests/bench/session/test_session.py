"""Real sweeps, small ones, as a user runs them: from the command line to the report."""

import json
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bench.bench_stride import SWEEP
from bench.session.keeper import ATTEMPTS
from bench.session.record import Record
from bench.sweeps import pairs

ROOT = Path(__file__).parents[3]
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
    assert content["suite"] == {
        "format": 1,
        "sweep_size": "quick",
        "precision": 0.01,
        "max_time": 0.02,
        "min_rounds": 6,
    }
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


def test_a_killed_sweep_goes_on_and_ends_as_if_nothing_had_happened(sweep, tmp_path, monkeypatch):
    path, whole = tmp_path / "bench.json", json.loads(sweep[1].read_text())
    # With the three sweeps that have no case of this size, each of which stands first again.
    words = ("pytest", *TINY[:-1], "-k=stride and forward or none", "--benchmark-max-time=0.02")
    words = (*words, f"--benchmark-json={path}", "--resume")
    monkeypatch.setenv("KILL_BEFORE", "5")
    for _ in range(ATTEMPTS):
        killed = run(*words, "-p", "tests.bench.killer")
        assert killed.returncode == -signal.SIGKILL
        assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]
    resumed = run(*words)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert f"resumed: {ATTEMPTS} of 8 cases" in resumed.stdout
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["bench.json", "bench.json.journal"]
    content = json.loads(path.read_text())
    assert _structure(content) == _structure(whole)
    for ours, theirs in zip(content["benchmarks"], whole["benchmarks"], strict=True):
        for key in ("fullname", "group", "params", "param", "options"):
            assert ours[key] == theirs[key]
        assert ours["stats"]["rounds"] == len(ours["stats"]["data"])
        assert ours["stats"]["min"] == min(ours["stats"]["data"])


def _structure(value):
    """The keys, how deep they lie, and the types of what they hold."""
    if isinstance(value, dict):
        return {key: _structure(item) for key, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_structure(item) for item in value]
    return type(value)


def test_a_case_past_its_time_is_given_up_and_the_sweep_goes_on(tmp_path):
    path = tmp_path / "bench.json"
    process = run(
        "pytest",
        *TINY[:-1],
        "-k=stride and forward-2",
        "--timeout=0.01",
        f"--benchmark-json={path}",
    )
    assert process.returncode == 1
    content = json.loads(path.read_text())
    assert content["benchmarks"] == []
    assert len(content["unmeasured"]) == 4
    reason = "not measured: took longer than its time limit of 0.01 s"
    assert all(record["notes"][-1] == reason for record in content["unmeasured"])


@pytest.mark.parametrize("name", ["file/bench.json", "."])
def test_results_that_cannot_be_written_stop_the_run_before_the_sweep(tmp_path, name):
    (tmp_path / "file").touch()
    process = run("pytest", *TINY, f"--benchmark-json={tmp_path / name}")
    assert process.returncode == 4
    assert "must be writable" in process.stderr
    assert "PASSED" not in process.stdout


def test_wrong_shards_are_refused():
    process = run("pytest", *TINY, "--shard=3/2")
    assert process.returncode == 4
    assert "expected i/n with 1 <= i <= n. Received: 3/2" in process.stderr


def test_unknown_sweep_sizes_are_refused():
    process = run("pytest", *TINY, "--sweep-size=huge")
    assert process.returncode == 4
    assert "quick" in process.stderr
