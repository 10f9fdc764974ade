"""The workflows' own commands, run here on a clone of this repository with a slow change in it.

They install both sides from the package index, which takes minutes.
"""

import json

import pytest

from tests.acceptance.command import ROOT
from tests.acceptance.jobs import Job, git

# Few cases, and little time for each.
SELECTED = "-k 'kernel_size and forward-3 and native' --benchmark-max-time=0.2"
LAYER = "involution/layers/involution2d.py"
# The layer computes much that it does not need: found on a busy machine, too.
FAST = "        outputs = self.activation(outputs)\n"
SLOW = """\
        for number in range(1, 21):
            outputs = outputs + 1e-30 * self._stored(inputs * (1 + 1e-6 * number))[0]
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A clone with a pull request that makes the layer slower, merged as GitHub merges it."""
    folder = tmp_path_factory.mktemp("forge") / "repository"
    git(ROOT, "clone", "--quiet", ROOT, folder)
    git(folder, "checkout", "--quiet", "-B", "main")
    git(folder, "checkout", "--quiet", "-b", "change")
    text = (folder / LAYER).read_text()
    assert text.count(FAST) == 1
    (folder / LAYER).write_text(text.replace(FAST, SLOW + FAST))
    git(folder, "commit", "--quiet", "--all", "-m", "Slow the layer down")
    git(folder, "checkout", "--quiet", "-b", "merged", "main")
    git(folder, "merge", "--quiet", "--no-ff", "-m", "Merge the pull request", "change")
    return folder


@pytest.fixture(scope="module")
def run(repository, tmp_path_factory):
    """A function that runs a workflow on a fresh machine, and returns the job."""
    artifacts = tmp_path_factory.mktemp("artifacts")

    def start(name, branch, context=None, **environment):
        machine = tmp_path_factory.mktemp(name)
        job = Job(name, machine, repository, branch, context or {}, artifacts, **environment)
        job.works = job.run()
        return job

    return start


def test_a_slower_pull_request_fails_and_gets_a_comment(run, repository, say):
    compared = run("compare", "merged", PYTEST_ADDOPTS=SELECTED)
    say(f"compare: {compared.statuses}")
    log = compared.log.read_text()
    assert compared.statuses == {
        "Install both sides": 0,
        "Measure both sides by turns": 1,
        "Show what changed": 0,
    }, log
    assert not compared.works
    summary = compared.summary.read_text()
    say(summary.splitlines()[0])
    assert "became slower" in summary.splitlines()[0]
    head = git(repository, "rev-parse", "change")
    event = "github.event.workflow_run"
    context = {f"{event}.html_url": "https://example.com/run/1", f"{event}.head_sha": head}
    context |= {f"{event}.id": "1", "github.token": "secret", "github.repository": "a/b"}
    commented = run("comment", "main", context)
    assert commented.works, commented.log.read_text()
    comment = (commented.temp / "comment.md").read_text()
    assert comment.startswith(summary)
    assert f"Measured at {head} in [this run](https://example.com/run/1)." in comment
    listed, written = commented.asked.read_text().splitlines()
    assert listed.startswith("pr list")
    assert head in listed
    assert written.startswith("pr comment 7 --edit-last --create-if-none --body-file ")


def test_each_push_is_archived_once(run, tmp_path_factory, say):
    folder = tmp_path_factory.mktemp("kept") / "archive"
    job = run("archive", "main", {"vars.ARCHIVE": str(folder)}, PYTEST_ADDOPTS=SELECTED)
    say(f"archive: {job.statuses}")
    assert job.works, job.log.read_text()
    assert len(list(folder.rglob("*.parquet"))) == 1
    kept = job.artifacts / "history"
    assert (kept / "history.html").read_text().startswith("<!DOCTYPE html>")
    assert json.loads((kept / "bench.json").read_text())["benchmarks"]
    assert job.summary.read_text().startswith("# ")
