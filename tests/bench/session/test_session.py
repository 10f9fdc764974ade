"""Real sweeps, small ones, as a user runs them: from the command line to the report."""

import json
import shlex
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bench.bench_stride import SWEEP
from bench.sweeps import plan
from reports.sources.validation import checked
from reports.sweeps.record import MeasuredRecord, Record
from tests.bench.session.starting import ROOT, run

pytestmark = pytest.mark.slow

# With the sweeps that have no case of this size, which are planned first in each run.
TINY = ("bench", "-k=stride and forward or none")


def read(path):
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """The finished process of a tiny sweep, and its results file.

    The folder's name needs quotes and is no valid text; the terminal shows ASCII alone.
    """
    path = tmp_path_factory.mktemp("sweep") / "my $results\udcff" / "bench.json"
    options = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    return run("-p", "tests.bench.singly", *TINY, f"--benchmark-json={path}", **options), path


@pytest.fixture
def finished(sweep, tmp_path):
    """The results file of a finished sweep, with its journal, in a folder of its own."""
    path = tmp_path / "bench.json"
    for suffix in ("", ".journal"):
        shutil.copy(f"{sweep[1]}{suffix}", f"{path}{suffix}")
    return path


def test_a_sweep_ends_with_the_ratios_and_where_the_results_are(sweep):
    process, _ = sweep
    assert process.returncode == 0, process.stdout + process.stderr
    assert "convolution-forward-2" in process.stdout
    assert "x convolution" in process.stdout
    assert "involution" in process.stdout.split("involution against convolution")[1]
    assert "Results: " in process.stdout
    assert "Skipped, not part of a quick sweep: batch, channels, core" in process.stdout


def test_the_command_for_the_report_can_be_pasted_and_any_terminal_shows_it(sweep):
    (line,) = [each for each in sweep[0].stdout.splitlines() if "Report:" in each]
    command, *given = shlex.split(line)[1:]
    assert [command, *given[:2]] == ["python", "-m", "reports"]
    assert len(given) == 3
    assert "/my $results" in given[2]


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
    words = [sys.executable, "-m", "reports", sweep[1], "-o", page]
    process = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert "involution" in page.read_text()


def test_what_cannot_run_leaves_a_record_and_the_sweep_continues(tmp_path):
    path = tmp_path / "bench.json"
    process = run("-p", "tests.bench.broken", *TINY, "--shard=1/1", f"--benchmark-json={path}")
    assert process.returncode == 1
    assert "Warning" not in process.stdout
    lines = [line for line in process.stdout.splitlines() if "FAILED" in line]
    # Both cases have two that fail, and were measured interleaved: after the first nothing is left.
    # The summary names all again.
    assert [" left" in line for line in lines] == [False] * 8
    content = read(path)
    assert [b["extra_info"]["operator"] for b in content["benchmarks"]] == ["convolution"] * 4
    records = {(each["operator"], each["strides"]): each for each in content["unmeasured"]}
    assert list(records) == [(name, strides) for strides in (1, 2) for name in BROKEN]
    for (name, _), each in records.items():
        assert each["notes"] == [f"not measured: {BROKEN[name]}"]
        assert each["baseline_seconds"] is None
        assert (each["macs"] is None) == (name == "costless")
    # So that parts of a plan can be joined, and a missing one shows.
    shard = content["shard"]
    assert (shard["number"], shard["count"]) == (1, 1)
    assert shard["cases"] == len(shard["plan"]) == len(content["benchmarks"]) + len(records)
    assert {each["fullname"] for each in content["benchmarks"]} < {*shard["plan"]}


BROKEN = {
    "broken": "MemoryError: no room for this operator",
    "costless": "ZeroDivisionError: no formula for this case",
}


@pytest.mark.posix
def test_a_killed_sweep_is_resumed_and_ends_as_if_nothing_had_happened(sweep, tmp_path):
    path, whole = tmp_path / "bench.json", read(sweep[1])
    words = (*TINY, f"--benchmark-json={path}", "--resume")
    skipped = sweep[0].stdout.count("SKIPPED")
    killed = run(*words, "-p", "tests.bench.killer", KILL_BEFORE=str(skipped + 4))
    assert killed.returncode == -signal.SIGKILL
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]
    resumed = run(*words)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert f"resumed: 3 of {len(whole['benchmarks'])} cases" in resumed.stdout
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


@pytest.mark.posix
def test_a_case_past_its_time_is_given_up_and_the_sweep_continues(tmp_path):
    path = tmp_path / "bench.json"
    words = ("-p", "tests.bench.slow", "bench/bench_stride.py", "-k=slow-forward", "--timeout=0.5")
    process = run(*words, f"--benchmark-json={path}")
    assert process.returncode == 1
    content = read(path)
    assert content["benchmarks"] == []
    reason = "not measured: took longer than its time limit of 0.5 s"
    assert [record["notes"] for record in content["unmeasured"]] == [[reason], [reason]]


def test_a_stopped_sweep_says_how_to_measure_the_rest(tmp_path):
    words = ("-p", "tests.bench.broken", "--maxfail=1", f"--benchmark-json={tmp_path / 'b.json'}")
    process = run(*TINY, *words)
    assert "5 of 8 cases are missing: the same command with --resume" in process.stdout


@pytest.mark.posix
def test_a_device_stops_the_run_before_the_sweep():
    process = run(*TINY, "--benchmark-json=/dev/null")
    assert process.returncode == 4
    assert "no regular file" in process.stderr
    assert "PASSED" not in process.stdout
    assert Path("/dev/null").is_char_device()


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
    process = run(*TINY, "--resume", f"--benchmark-storage={folder / 'saved'}", *options)
    [saved] = (folder / "saved").glob("*/*_again.json")
    return process, read(saved)


def test_results_that_cannot_be_written_at_the_end_are_written_by_resuming(
    finished, tmp_path, monkeypatch
):
    whole = read(finished)
    total = len(whole["benchmarks"])
    finished.unlink()
    monkeypatch.setenv("OBSTRUCTED", str(finished))
    process, saved = resume(finished, tmp_path / "first", "-p", "tests.bench.obstructive")
    assert process.returncode == 1
    assert "The results could not be written" in process.stdout
    assert f"{finished}.journal: the same command with --resume writes them" in process.stdout
    assert len(saved["benchmarks"]) == total  # pytest-benchmark's own file is written all the same
    finished.rmdir()
    process, saved = resume(finished, tmp_path / "again", "--benchmark-save-data")
    assert process.returncode == 0, process.stdout + process.stderr
    assert f"resumed: {total} of {total} cases" in process.stdout
    assert f"Results: {finished}" in process.stdout
    assert f"python -m reports {finished.as_posix()}" in process.stdout
    content = read(finished)
    assert content["machine_info"] == whole["machine_info"]
    assert content["benchmarks"] == saved["benchmarks"] == whole["benchmarks"]
