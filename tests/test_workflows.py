"""The workflows: what linters say of them, and what no linter knows to ask of these."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCHEMA = ("--builtin-schema", "vendor.github-workflows")
LINTERS = {
    "actionlint": [],
    "check-jsonschema": [*SCHEMA, *map(str, WORKFLOWS)],
    "zizmor": ["--offline", "--no-progress", *map(str, WORKFLOWS)],
}
# A commit and, for the reader, its version.
PINNED = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+(?:\.\d+)*)")
OF_THIS_REPOSITORY = re.compile(r"uses: \./\.github/workflows/(\w+\.yml)")
# What lets a job publish, and the environment in which its rules are.
PUBLISHING = {"id-token", "pages"}


def run(linter, *words, given=None):
    if not shutil.which(linter):
        pytest.skip(f"{linter} is not installed")
    # As bytes: Windows would change the line ends of a string.
    done = subprocess.run([linter, *words], cwd=ROOT, input=given, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")


def document(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path):
    return document(path)["jobs"].values()


def steps(path):
    return [step for job in jobs(path) for step in job.get("steps", [])]


def events(path):
    return document(path)[True]  # `on`, which YAML 1.1 takes for a truth value


def named(name):
    return next(path for path in WORKFLOWS if path.stem == name)


every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


@pytest.mark.parametrize("linter", LINTERS)
def test_linters_find_nothing(linter):
    run(linter, *LINTERS[linter])


@every_workflow
def test_commands_are_sound(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    run("shellcheck", "--shell=bash", "-", given="\n".join(["set -e", *commands]).encode())


@every_workflow
def test_foreign_code_runs_without_secrets_and_may_write_nothing(path):
    text = path.read_text(encoding="utf-8")
    granted = [
        permission
        for part in (document(path), *jobs(path))
        for permission in part.get("permissions", {}).values()
    ]
    assert document(path)["permissions"] == {}
    assert "pull_request_target" not in events(path)
    if "pull_request" in events(path):
        assert set(granted) <= {"read"}
        assert "secrets." not in text
        assert "github.token" not in text


@every_workflow
def test_commands_have_no_expression_that_others_can_fill(path):
    """An expression is put into a command as text, quotes included; variables are not."""
    assert all("${{" not in step.get("run", "") for step in steps(path))
    checkouts = [step for step in steps(path) if "actions/checkout@" in step.get("uses", "")]
    assert checkouts or path.stem == "release"  # whose jobs are those of others, but for the last
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@every_workflow
def test_no_job_runs_for_hours_unseen(path):
    for job in jobs(path):
        assert "uses" in job or 0 < job["timeout-minutes"] <= 180


def test_actions_are_pinned_to_a_commit_the_same_everywhere():
    pins = {}
    for path in WORKFLOWS:
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip().removeprefix("- ").startswith("uses: "):
                continue
            if local := OF_THIS_REPOSITORY.search(line):
                assert "workflow_call" in events(path.with_name(local[1]))
                continue
            pinned = PINNED.search(line)
            assert pinned, f"{path.name}: {line}"
            pins.setdefault(pinned[1], set()).add(pinned.groups()[1:])
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}
    assert len(pins) >= 5


@every_workflow
def test_what_publishes_runs_no_code_of_the_repository(path):
    for job in jobs(path):
        granted = job.get("permissions", {})
        if PUBLISHING.isdisjoint(name for name, level in granted.items() if level == "write"):
            continue
        assert job["environment"]
        assert not [step for step in job["steps"] if "checkout@" in step.get("uses", "")]
        assert job["needs"]


def test_a_release_needs_a_tag_all_tests_and_all_wheels():
    path = named("release")
    assert events(path) == {"push": {"tags": ["v*"]}}
    assert document(path)["jobs"]["publish"]["needs"] == ["tests", "wheels"]


def test_the_tests_run_on_what_the_classifiers_name():
    matrix = document(named("tests"))["jobs"]["tests"]["strategy"]["matrix"]
    named_versions = re.findall(
        r'"Programming Language :: Python :: (\d\.\d+)"',
        (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
    )
    assert matrix["python"] == named_versions
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}


@pytest.mark.parametrize("part", ["", " -- -m slow"])
def test_the_slow_tests_run_wherever_the_others_do(part):
    command = f"tox run -e tests{part}"
    run_here = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in run_here if line.endswith(command)]
    assert [step for step in steps(named("tests")) if step.get("run", "").endswith(command)]


def test_each_acceptance_test_runs_each_week():
    parts = [
        part for job in jobs(named("acceptance")) for part in job["strategy"]["matrix"]["part"]
    ]
    files = (ROOT / "tests" / "acceptance").glob("test_*.py")
    assert sorted(parts) == sorted(path.stem.removeprefix("test_") for path in files)
    assert {"schedule", "workflow_dispatch"} == {*events(named("acceptance"))}
