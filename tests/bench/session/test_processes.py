"""A plan in several processes: what they leave behind, and what a killed one costs."""

import argparse
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.session import child, merging, processes
from bench.session.children import _look, _put_aside, _stop
from bench.session.journal import Journal
from bench.session.progress import Progress
from reports.sweeps.load import run_of
from tests.bench.session.starting import run

TINY = ("bench/bench_stride.py", "-k=forward-1 and (depthwise or involution)", "--processes=2")


def option(**changes):
    """All options of pytest that the processes of a run look at."""
    values = {
        "processes": 3,
        "process": None,
        "lifeline": 5,
        "benchmark_max_time": "0.6",
        "benchmark_save": "mine",
        "benchmark_compare": ["0001"],
        "benchmark_compare_fail": ["mean:5%"],
        "xmlpath": "junit.xml",
        "benchmark_quiet": False,
    }
    return argparse.Namespace(**{**values, **changes})


@pytest.mark.slow
@pytest.mark.posix
def test_a_killed_process_is_resumed_and_finished_cases_are_not_run_again(tmp_path):
    path, journal = tmp_path / "bench.json", tmp_path / "bench.json.process-1.journal"
    front = (*TINY, f"--benchmark-json={path}", "--resume", "--benchmark-save=all")
    front = (*front, f"--benchmark-storage={tmp_path / 'saved'}")
    killed = run(*front, "-p", "tests.bench.killer", KILL_BEFORE="2")
    assert killed.returncode == 1
    assert "process 1 of 2 was killed by SIGKILL: the same command with --resume" in killed.stdout
    names = ["bench.json.journal", journal.name]
    assert sorted(file.name for file in tmp_path.glob("bench*")) == names
    lines = map(json.loads, journal.read_text().splitlines())
    [kept] = [line for line in lines if "measured" in line]

    resumed = run(*front)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    first, second = resumed.stdout.split("process 2 of 2")
    assert " left" in first  # what the process after it takes
    assert " left" not in second
    assert resumed.stdout.count("involution against convolution") == 1
    assert sorted(file.name for file in tmp_path.glob("bench*")) == ["bench.json", names[0]]
    content = json.loads(path.read_text())
    assert content["suite"]["processes"] == 2
    assert content["suite"]["max_time"] == 0.02
    assert content["conditions"]["peak_flops"] > 0
    [saved] = (tmp_path / "saved").glob("*/*_all.json")  # by the parent, not by each process
    for entry, again in zip(
        content["benchmarks"], json.loads(saved.read_text())["benchmarks"], strict=True
    ):
        info, seconds = entry["extra_info"], entry["stats"]["data"]
        assert info["process"] == sorted(info["process"])
        assert set(info["process"]) == {1, 2}
        lengths = [info["rounds"], *map(len, (info["process"], info["baseline_seconds"], seconds))]
        assert set(lengths) == {entry["stats"]["rounds"]} == {again["stats"]["rounds"]}
        if entry["fullname"] == kept["measured"]:
            first = kept["benchmark"]["stats"]["data"]
            assert seconds[: len(first)] == first
            assert info["process"].count(1) == len(first)
    assert len(run_of(path).records) == len(content["benchmarks"]) == 2


@pytest.mark.posix
def test_a_child_leaves_out_what_concerns_the_front(monkeypatch):
    bound = []
    monkeypatch.setattr(child, "end_with_parent", bound.append)
    found = option(process=(2, 3))
    processes.complete(found)
    assert bound == [5]
    assert float(found.benchmark_max_time) == pytest.approx(0.2)
    assert found.benchmark_save is None
    assert found.benchmark_compare == []
    assert found.benchmark_compare_fail is None
    assert found.xmlpath is None
    assert not hasattr(found, "benchmark_csv")  # an option that this pytest lacks


@pytest.mark.posix
def test_a_parent_keeps_its_options():
    found = option()
    processes.complete(found)
    assert found == option()
    assert processes.is_parent(found)
    assert not processes.is_parent(option(processes=1))
    assert not processes.is_parent(option(process=(1, 3)))


def test_each_process_has_a_journal_of_its_own():
    path = Path("results", "bench.json")
    assert processes.results_file(path, option()) == path
    names = {processes.results_file(path, option(process=(k, 3))).name for k in (1, 2, 3)}
    assert len(names) == 3


@pytest.mark.parametrize(
    ("status", "words", "returned"),
    [
        pytest.param(-9, "was killed by SIGKILL", 1, marks=pytest.mark.posix),
        (2, "was interrupted", 2),
        (4, "left cases out and ended with status 4", 4),
        (0, "left cases out and ended with status 0", 1),
    ],
)
def test_a_process_that_ends_early_ends_the_run(status, words, returned):
    with pytest.raises(pytest.exit.Exception, match=words) as ended:
        _stop("process 1 of 2", status)
    assert ended.value.returncode == returned
    assert "--resume" in str(ended.value)


def part(path, number):
    """The journal of a process, begun."""
    journal = Journal(path.with_name(f"{path.name}.process-{number}.journal"))
    journal.begin({})
    journal.conditions({"load": float(number)})
    journal.spent({"rounds": float(number), f"of {number}": 0.5})
    return journal


def entry(*seconds):
    info = {"baseline_seconds": [1.0] * len(seconds), "notes": []}
    return {"group": "a", "stats": {"data": list(seconds)}, "extra_info": info}


def test_what_a_process_measured_with_other_code_does_not_count(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a"])
    progress.begin({"code": {"sources": "new"}, "suite": {"max_time": 3.0}})
    journal = Journal(tmp_path / "bench.json.process-1.journal")
    journal.begin({"code": {"sources": "new"}, "suite": {"max_time": 1.0}, "plan": ["a"]})
    assert _look(journal.path, progress).finished == set()
    journal.begin({"code": {"sources": "old"}, "suite": {"max_time": 1.0}, "plan": ["a"]})
    with pytest.raises(pytest.UsageError, match=r"differs in code, sources\. Expected 'new'"):
        _look(journal.path, progress)


def test_what_all_processes_left_is_kept_as_the_results_of_the_run(tmp_path):
    path = tmp_path / "bench.json"
    first, second = (part(path, number) for number in (1, 2))
    first.measured("a", entry(1.0, 2.0))
    second.measured("a", entry(3.0))
    first.unmeasured("b", {"notes": ["not measured: too slow"]})
    second.measured("b", entry(4.0))
    for journal in (first, second):
        journal.unmeasured("c", {"notes": ["not measured: too large"]})
    progress = Progress(path, ["a", "b", "c"])
    progress.begin({})
    assert merging.join(progress, {1: first.look(), 2: second.look()}) == 1
    kept = progress.journal.look()
    assert kept == progress.entries
    # A run that is killed while it joins adds the seconds once.
    lines = [json.loads(line) for line in progress.journal.path.read_text().splitlines()]
    assert ["spent" in line for line in lines] == [False] * (len(lines) - 2) + [True] * 2
    assert kept.benchmarks["a"]["stats"]["data"] == [1.0, 2.0, 3.0]
    assert kept.benchmarks["b"]["extra_info"]["process"] == [2]
    assert kept.unmeasured == {"c": {"notes": ["not measured: too large"]}}
    assert kept.conditions == {"load": 1.0}
    assert kept.spent == {"rounds": 3.0, "of 1": 0.5, "of 2": 0.5}


def test_measured_cases_of_processes_that_are_not_resumed_are_put_aside(tmp_path):
    path = tmp_path / "bench.json"
    part(path, 1).measured("a", entry(1.0))
    part(path, 2)  # begun, nothing measured
    config = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda name: None))
    _put_aside(path, config)
    [kept] = tmp_path.iterdir()
    assert kept.name.startswith("bench.json.process-1-2")
    assert '"measured"' in kept.read_text()
