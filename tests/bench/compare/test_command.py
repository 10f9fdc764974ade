"""Whole comparisons of a tiny repository: by its own code, and by a runner that takes no time."""

import json
import re
import shlex
from pathlib import Path

import pytest

from bench.compare import __main__ as command_line
from bench.compare import native, pair
from bench.compare.sides import Side
from reports import __main__ as reports
from tests.bench.compare.conftest import document, git, write


@pytest.fixture
def main(repository, monkeypatch):
    """Run the command line for the tiny repository; return the status."""
    monkeypatch.setattr(command_line, "ROOT", repository)
    # The tests' own process may not change how it is ended.
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    # Of pytest's plugins, the one that is needed: the others take seconds to import.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p pytest_benchmark.plugin")
    return lambda *words: command_line.main([str(word) for word in words])


class Runner:
    """Stands for processes: writes a document for each, and notes the order."""

    def __init__(self):
        self.order, self.statuses, self.slower, self.top = [], {}, {}, {}

    def check(self, side, words):
        assert side.tree.is_dir()

    def run(self, side, words, path):
        number = len(self.order)
        self.order.append(f"{path.stem}")
        if self.statuses.get(path.stem) is None:
            content = document(
                number, self.slower.get(side.name, 1.0), **self.top.get(path.stem, {})
            )
            path.write_text(json.dumps(content))
        return self.statuses.get(path.stem) or 0


@pytest.fixture
def runner(monkeypatch):
    found = Runner()

    def check(side, words):
        found.check(side, words)

    def run(processes):
        return [found.run(each.side, each.words, each.path) for each in processes]

    monkeypatch.setattr(Side, "check", check)
    monkeypatch.setattr(pair, "run", run)
    return found


def written(repository):
    return json.loads((repository / "results" / "compare.json").read_text())


def test_a_slower_tree_is_found_by_the_code_of_either_side(main, repository, capfd):
    write(repository, "bench/document.json", json.dumps(document(2, slower=1.5)))
    assert main("HEAD", "--processes", 3, "--", "-k", "speed") == 1
    found = written(repository)
    assert found["revisions"]["before"]["commit"] == git(repository, "rev-parse", "HEAD")
    assert found["revisions"]["after"]["dirty"] is True
    assert found["processes"] == 3
    # More rounds than a verdict against the baseline needs. What the user says comes last.
    assert found["options"] == ["--benchmark-min-rounds=32", "-k", "speed"]
    slower = [case for case in found["cases"] if case["verdict"] == "slower"]
    assert ["fused-forward-2" in case["fullname"] for case in slower] == [True]
    assert slower[0]["low"] < 1.5 < slower[0]["high"]
    assert "with changes that are not committed" in capfd.readouterr().out
    folder = repository / "results" / "compare" / "HEAD"
    for name in ("before", "after"):
        joined = json.loads((folder / f"{name}.json").read_text())
        assert joined["suite"]["processes"] == 3
        assert joined["benchmarks"][0]["extra_info"]["process"] == [1] * 40 + [2] * 40 + [3] * 40
    assert git(repository, "worktree", "list").count("\n") == 0


def test_its_own_result_comes_last_and_names_the_command_that_draws_it(
    main, repository, capfd, monkeypatch
):
    """Nothing of what the processes write is on the terminal; the report has the same numbers."""
    write(repository, "bench/document.json", json.dumps(document(2, slower=1.5)))
    monkeypatch.chdir(repository)
    assert main("HEAD", "--processes", 3, "--threshold", "10%") == 1
    said = capfd.readouterr().out
    folder = Path("results", "compare", "HEAD")
    assert "test session starts" not in said
    assert "test session starts" in (folder / "after-2.log").read_text()
    *_, comparison, processes, report = said.splitlines()
    assert comparison == "Comparison: results/compare.json"
    assert processes.startswith("Processes:  results/compare/HEAD")
    _, _, *words = shlex.split(report.removeprefix("Report: "))
    assert words[0] == "reports"
    assert reports.main(words[1:]) == 1
    drawn = "".join(capfd.readouterr())
    assert (folder / "after.html").is_file()
    # All that was said of the changes, below the table of records, and why the gate closed.
    own = said[said.index("slower: ") : said.index("Comparison: ")].split("\n")
    assert [line for line in own if line not in drawn] == []
    assert "in pairs, 3 of them" in drawn


def test_each_case_has_a_line_also_where_nothing_is_decided(main, runner, capsys):
    assert main("HEAD", "--processes", 2) == 0
    said = capsys.readouterr().out
    rivals = [
        entry["name"]
        for entry in document(1)["benchmarks"]
        if not entry["extra_info"]["is_baseline"] and not entry["extra_info"]["is_twin"]
    ]
    for name in rivals:
        [line] = [line for line in said.splitlines() if line.startswith(name)]
        assert re.search(r"(undecided|unchanged) +1\.0\dx +\S+ to \S+ +\S+ %$", line) or (
            re.search(r"(undecided|unchanged) +0\.9\dx +\S+ to \S+ +\S+ %$", line)
        )


def test_the_files_of_a_comparison_are_archived_by_their_folder(main, runner, repository, capsys):
    assert main("HEAD", "--processes", 2) == 0
    folder = repository / "results" / "compare" / "HEAD"
    files = [*map(str, folder.iterdir()), str(repository / "results" / "compare.json")]
    assert reports.main(["archive", *files, "--to", str(repository / "archive")]) == 0
    assert "archive: 2 runs added, " in capsys.readouterr().out
    # Written again from the same processes it is the same run.
    assert main("HEAD", "--processes", 2, "--resume") == 0
    assert reports.main(["archive", *files, "--to", str(repository / "archive")]) == 0
    assert "archive: 2 runs there already" in capsys.readouterr().out


def test_an_earlier_verdict_is_kept_unless_it_is_of_the_same_comparison(
    main, runner, repository, capsys
):
    results = repository / "results"
    assert main("HEAD", "--processes", 2) == 0
    assert main("HEAD", "--processes", 3, "--resume") == 0
    assert [path.name for path in results.glob("compare*.json")] == ["compare.json"]
    assert main("HEAD", "--processes", 2, "--folder", results / "other") == 0
    assert "; an earlier one is kept as " in capsys.readouterr().out
    [kept] = results.glob("compare-*.json")
    assert json.loads(kept.read_text())["processes"] == 3
    assert written(repository)["processes"] == 2


def test_each_side_begins_every_other_pair(main, runner):
    assert main("HEAD", "--processes", 3) == 0
    assert runner.order == ["before-1", "after-1", "after-2", "before-2", "before-3", "after-3"]


def test_a_revision_has_its_kernels_before_its_plan_is_asked_for(main, runner, monkeypatch):
    done = []
    monkeypatch.setattr(native, "provide", lambda *_: done.append("kernels") or "Built.")
    runner.check = lambda side, words: done.append(side.name)
    assert main("HEAD", "--processes", 2) == 0
    assert done == ["after", "kernels", "before"]


def test_an_interrupted_comparison_is_resumed(main, runner, capsys):
    runner.statuses = {"after-2": 2}
    assert main("HEAD", "--processes", 2) == 130
    resumes = "python -m bench.compare HEAD --processes 2 --resume"
    assert f"To go on: {resumes}" in capsys.readouterr().err
    runner.statuses = {}
    assert main("HEAD", "--processes", 2, "--resume") == 0
    assert runner.order == ["before-1", "after-1", "after-2", "before-2", "after-2"]
    assert main("HEAD", "--processes", 3, "--resume") == 0  # more of the same
    assert runner.order[5:] == ["before-3", "after-3"]


def test_a_comparison_of_other_code_is_not_resumed(main, runner, repository, capsys):
    assert main("HEAD", "--processes", 2) == 0
    write(repository, "involution/new.py", "")
    with pytest.raises(SystemExit) as ended:
        main("HEAD", "--processes", 2, "--resume")
    assert ended.value.code == 2
    assert "another comparison, which differs in this tree" in capsys.readouterr().err
    assert main("HEAD", "--processes", 2) == 0
    assert "An earlier comparison is kept as" in capsys.readouterr().out
    folders = (repository / "results" / "compare").iterdir()
    assert len([folder for folder in folders if (folder / "before-2.json").exists()]) == 2


def test_a_tree_that_changes_meanwhile_is_not_compared(main, runner, repository, capsys):
    def run(side, words, path):
        write(repository, "involution/new.py", "x = 1")
        return Runner.run(runner, side, words, path)

    runner.run = run
    assert main("HEAD", "--processes", 2) == 3
    said = capsys.readouterr().err
    assert "changed while it was measured" in said
    assert "--resume" not in said  # which other code refuses
    assert git(repository, "worktree", "list").count("\n") == 0


def test_a_process_that_fails_ends_the_comparison(main, runner, capsys):
    runner.statuses = {"after-1": -9}
    assert main("HEAD", "--processes", 2) == 3
    said = capsys.readouterr().err
    assert "process 1 of 2 of this tree" in said
    assert "after-1.log. To go on: python -m bench.compare HEAD --processes 2 --resume\n" in said


def test_processes_on_different_machines_are_not_joined(main, runner, capsys):
    runner.top = {"after-2": {"machine_info": {"node": "other"}}}
    assert main("HEAD", "--processes", 2) == 3
    assert "process 2 differs from process 1 in machine_info" in capsys.readouterr().err


def test_a_case_that_is_gone_is_not_compared(main, runner, repository):
    lacking = document(7)["benchmarks"][1:]
    runner.top = {"after-1": {"benchmarks": lacking}, "after-2": {"benchmarks": lacking}}
    assert main("HEAD", "--processes", 2) == 3
    assert main("HEAD", "--processes", 2, "--resume", "--allow-missing") == 0
    [gone] = written(repository)["unjudged"]
    assert gone["fullname"] == document(7)["benchmarks"][0]["fullname"]


@pytest.mark.parametrize(("allowed", "status"), [([], 3), (["--allow-missing"], 0)])
def test_the_command_of_the_report_ends_as_the_comparison_does(
    main, runner, repository, capfd, monkeypatch, allowed, status
):
    lacking = document(7)["benchmarks"][1:]
    runner.top = {"after-1": {"benchmarks": lacking}, "after-2": {"benchmarks": lacking}}
    monkeypatch.chdir(repository)
    assert main("HEAD", "--processes", 2, *allowed) == status
    _, _, *words = shlex.split(capfd.readouterr().out.splitlines()[-1].removeprefix("Report: "))
    assert reports.main(words[1:]) == status


def test_no_pair_begins_when_the_time_is_over(main, runner, repository):
    assert main("HEAD", "--minutes", "1e-9") == 0
    assert written(repository)["processes"] == 2


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nonsense"], "expected a revision that git knows, such as HEAD~1 or main"),
        (["HEAD", "--processes", "1"], "--processes: expected at least 2"),
        (["HEAD", "--processes", "many"], "Received: many"),
        (["HEAD", "--threshold", "-5%"], "expected one argument"),
        (["HEAD", "--threshold=x"], "Received: x"),
        (["HEAD", "--minutes", "0"], "expected minutes above 0. Received: 0"),
        (["HEAD", "--", "--benchmark-json=x.json"], "takes no --benchmark-json"),
        (["HEAD", "--", "bench/test_speed.py"], "choose cases with -k"),
        (["HEAD", "--", "-k", "nothing"], "has no case for these options of pytest bench"),
        (["HEAD", "--", "--nonsense"], "does not take these options of pytest bench"),
        pytest.param(
            ["HEAD", "--python", "/nowhere/python"],
            "/nowhere/python: No such file",
            marks=pytest.mark.posix,
        ),
        pytest.param(["HEAD", "--folder", "/dev/null"], "cannot write", marks=pytest.mark.posix),
        ([], "required: REV"),
        (["HEAD", "--sweep-size=quick"], "behind `--`: -- --sweep-size=quick"),
    ],
)
def test_wrong_usage_is_refused_before_any_work(main, repository, capsys, words, reason):
    with pytest.raises(SystemExit) as ended:
        main(*words)
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err
    assert not (repository / "results").exists()
    assert git(repository, "worktree", "list").count("\n") == 0


def test_the_package_of_another_tree_is_refused(main, repository, capsys):
    """A revision without a package would measure the one that is installed."""
    (repository / "involution" / "__init__.py").unlink()
    (repository / "involution").rmdir()
    git(repository, "commit", "--quiet", "--all", "-m", "without")
    with pytest.raises(SystemExit):
        main("HEAD")
    assert "expected the package involution of" in capsys.readouterr().err
