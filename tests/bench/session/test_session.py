"""Real sweeps, small ones, as a user runs them: from the command line to the report."""

import json
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bench.bench_stride import SWEEP
from bench.session.progress import ATTEMPTS
from bench.sweeps import plan
from reports.sources.validation import checked
from reports.sweeps.record import MeasuredRecord, Record

ROOT = Path(__file__).parents[3]
TINY = ("bench", "--benchmark-only", "--sweep-size=quick", "-k=stride and forward")
SHORT = "--benchmark-max-time=0.02"


def run(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def read(path):
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """The finished process of a tiny sweep, and its results file."""
    path = tmp_path_factory.mktemp("sweep") / "new" / "bench.json"
    return run("pytest", *TINY, SHORT, f"--benchmark-json={path}"), path


@pytest.fixture
def finished(sweep, tmp_path):
    """The results file of a finished sweep, with its journal, in a folder of its own."""
    path = tmp_path / "bench.json"
    for suffix in ("", ".journal"):
        shutil.copy(f"{sweep[1]}{suffix}", f"{path}{suffix}")
    return path


def test_a_sweep_ends_with_the_ratios_and_where_the_results_are(sweep):
    process, path = sweep
    assert process.returncode == 0, process.stdout + process.stderr
    assert "convolution-forward-2" in process.stdout
    assert "x convolution" in process.stdout
    assert "involution" in process.stdout.split("involution against convolution")[1]
    assert f"Results: {path}" in process.stdout
    assert f"python -m reports {path}" in process.stdout


def test_each_line_says_how_long_the_run_still_takes_until_its_last_case(sweep):
    lines = [line for line in sweep[0].stdout.splitlines() if "x convolution" in line]
    assert len(lines) == len(read(sweep[1])["benchmarks"])
    assert [" left" in line for line in lines] == ["-forward-1]" in line for line in lines]


def test_each_benchmark_leaves_a_whole_record(sweep):
    content = read(sweep[1])
    assert content["suite"] == {
        "format": 2,
        "sweep_size": "quick",
        "precision": 0.01,
        "max_time": 0.02,
        "min_rounds": 6,
        "cache": "warm",
        "processes": 1,
    }
    assert content["unmeasured"] == []
    assert content["machine_info"]["tensorflow"]
    assert "hz_actual" not in content["machine_info"]["cpu"]
    planned = [case for _, case in plan(SWEEP, "quick") if case.direction == "forward"]
    assert len(content["benchmarks"]) == len(planned)
    for benchmark in content["benchmarks"]:
        record = benchmark["extra_info"]
        assert list(record) == list(Record.model_fields)
        assert record["sweep"] == "stride"
        assert record["rounds"] == len(benchmark["stats"]["data"]) >= 6
        assert len(record["baseline_seconds"]) == record["rounds"]
        assert (record["peak_memory_bytes"] is None) == record["is_twin"]
        assert record["compile_seconds"] > 0
        checked(MeasuredRecord, {**record, "seconds": benchmark["stats"]["data"]})


def test_one_operator_of_each_case_is_the_baseline(sweep):
    baselines = defaultdict(list)
    for benchmark in read(sweep[1])["benchmarks"]:
        record = benchmark["extra_info"]
        point = record["direction"], record["axis_value"]
        baselines[point] += [record["operator"]] * record["is_baseline"]
    assert baselines == {("forward", 1): ["convolution"], ("forward", 2): ["convolution"]}


def test_the_report_is_made_from_the_results(sweep, tmp_path):
    page = tmp_path / "report.html"
    process = run("reports", sweep[1], "-o", page)
    assert process.returncode == 0, process.stderr
    assert "involution" in page.read_text()


def test_what_cannot_run_leaves_a_record_and_the_sweep_continues(tmp_path):
    path = tmp_path / "bench.json"
    process = run("pytest", "-p", "tests.bench.broken", *TINY, f"--benchmark-json={path}")
    assert process.returncode == 1
    failed = [line for line in process.stdout.splitlines() if "FAILED" in line]
    assert [" left" in line for line in failed] == [True, False, False, False]  # summary: not said
    content = read(path)
    assert [b["extra_info"]["operator"] for b in content["benchmarks"]] == ["convolution"] * 4
    records = content["unmeasured"]
    assert [(r["operator"], r["strides"]) for r in records] == [("broken", 1), ("broken", 2)]
    assert records[0]["notes"] == ["not measured: MemoryError: no room for this operator"]
    assert records[0]["baseline_seconds"] is None


def test_a_killed_sweep_is_resumed_and_ends_as_if_nothing_had_happened(
    sweep, tmp_path, monkeypatch
):
    path, whole = tmp_path / "bench.json", read(sweep[1])
    # With the four sweeps that have no case of this size, which are planned first in each run.
    words = ("pytest", *TINY[:-1], "-k=stride and forward or none", SHORT)
    words = (*words, f"--benchmark-json={path}", "--resume")
    monkeypatch.setenv("KILL_BEFORE", "8")
    for _ in range(ATTEMPTS):
        killed = run(*words, "-p", "tests.bench.killer")
        assert killed.returncode == -signal.SIGKILL
        assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]
    resumed = run(*words)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert f"resumed: {3 * ATTEMPTS} of {len(whole['benchmarks'])} cases" in resumed.stdout
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["bench.json", "bench.json.journal"]
    content = read(path)
    assert _structure(content) == _structure(whole)
    for ours, theirs in zip(content["benchmarks"], whole["benchmarks"], strict=True):
        for key in ("fullname", "group", "params", "param", "options"):
            assert ours[key] == theirs[key]
        assert ours["stats"]["rounds"] == len(ours["stats"]["data"])
        assert ours["stats"]["min"] == min(ours["stats"]["data"])


def _structure(value):
    """The keys on all levels, and the types of their values."""
    if isinstance(value, dict):
        return {key: _structure(item) for key, item in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_structure(item) for item in value]
    return type(value)


def test_a_case_past_its_time_is_given_up_and_the_sweep_continues(tmp_path):
    path = tmp_path / "bench.json"
    words = ("-p", "tests.bench.slow", *TINY[:-1], "-k=stride and slow-forward", "--timeout=0.5")
    process = run("pytest", *words, f"--benchmark-json={path}")
    assert process.returncode == 1
    content = read(path)
    assert content["benchmarks"] == []
    reason = "not measured: took longer than its time limit of 0.5 s"
    assert [record["notes"] for record in content["unmeasured"]] == [[reason], [reason]]


def test_a_stopped_sweep_says_how_to_measure_the_rest(tmp_path):
    words = ("-p", "tests.bench.broken", "--maxfail=1", f"--benchmark-json={tmp_path / 'b.json'}")
    process = run("pytest", *TINY, SHORT, *words)
    assert "3 of 6 cases are missing: the same command with --resume" in process.stdout


def test_a_device_stops_the_run_before_the_sweep():
    process = run("pytest", *TINY, "--benchmark-json=/dev/null")
    assert process.returncode == 4
    assert "no regular file" in process.stderr
    assert "PASSED" not in process.stdout
    assert Path("/dev/null").is_char_device()


def test_when_every_case_was_resumed_all_files_are_written(finished, tmp_path):
    whole = read(finished)
    finished.unlink()
    process, saved = resume(finished, tmp_path, "--benchmark-save-data")
    assert process.returncode == 0, process.stdout + process.stderr
    total = len(whole["benchmarks"])
    assert f"resumed: {total} of {total} cases" in process.stdout
    assert f"Results: {finished}" in process.stdout
    content = read(finished)
    assert content["machine_info"] == whole["machine_info"]
    assert content["benchmarks"] == saved["benchmarks"] == whole["benchmarks"]


def test_resumed_cases_are_saved_and_compared_like_those_of_this_run(finished, tmp_path):
    whole = read(finished)["benchmarks"]
    # As if the run had been killed in its last case.
    journal = finished.with_name("bench.json.journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    last = max(place for place, line in enumerate(lines) if line.startswith(b'{"measured"'))
    journal.write_bytes(b"".join(lines[:last]))
    # An earlier run was twice as fast in the first case, equal in the others, and slow in the last.
    earlier = read(finished)
    earlier["benchmarks"][0]["stats"]["median"] /= 2
    earlier["benchmarks"][-1]["stats"]["median"] = 1e3
    (tmp_path / "earlier.json").write_text(json.dumps(earlier))
    compare = f"--benchmark-compare={tmp_path / 'earlier.json'}"
    process, saved = resume(finished, tmp_path, compare, "--benchmark-compare-fail=median:50%")
    output = process.stdout + process.stderr
    assert f"resumed: {len(whole) - 1} of {len(whole)} cases" in output
    assert process.returncode != 0
    regressed = output.split("Performance has regressed:")[1].split("\n\n")[0]
    assert regressed.count("has failed") == 1
    assert whole[0]["name"] in regressed
    for entry in whole:
        del entry["stats"]["data"]  # not saved without --benchmark-save-data
    assert saved["benchmarks"][:-1] == whole[:-1]
    assert saved["benchmarks"][-1]["fullname"] == whole[-1]["fullname"]


def resume(path, folder, *words):
    """Resume a tiny sweep; return the process and what pytest-benchmark saved of it."""
    options = (f"--benchmark-json={path}", "--benchmark-save=again", *words)
    process = run(
        "pytest", *TINY, SHORT, "--resume", f"--benchmark-storage={folder / 'saved'}", *options
    )
    [saved] = (folder / "saved").glob("*/*_again.json")
    return process, read(saved)


def test_results_that_cannot_be_written_at_the_end_are_written_by_resuming(
    finished, tmp_path, monkeypatch
):
    total = len(read(finished)["benchmarks"])
    finished.unlink()
    monkeypatch.setenv("OBSTRUCTED", str(finished))
    process, saved = resume(finished, tmp_path, "-p", "tests.bench.obstructive")
    assert process.returncode == 1
    assert "The results could not be written" in process.stdout
    assert f"{finished}.journal: the same command with --resume writes them" in process.stdout
    assert len(saved["benchmarks"]) == total  # pytest-benchmark's own file is written all the same
    finished.rmdir()
    process = run("pytest", *TINY, SHORT, "--resume", f"--benchmark-json={finished}")
    assert process.returncode == 0, process.stdout + process.stderr
    assert len(read(finished)["benchmarks"]) == total


def test_wrong_shards_are_refused():
    process = run("pytest", *TINY, "--shard=3/2")
    assert process.returncode == 4
    assert "expected i/n with 1 <= i <= n. Received: 3/2" in process.stderr


def test_unknown_sweep_sizes_are_refused():
    process = run("pytest", *TINY, "--sweep-size=huge")
    assert process.returncode == 4
    assert "quick" in process.stderr
