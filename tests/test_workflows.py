"""The workflows: what linters say of them, and what no linter knows to ask of these."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LINTERS = {"actionlint": [], "zizmor": ["--offline", "--no-progress", *map(str, WORKFLOWS)]}


def run(linter, *words, **options):
    if not shutil.which(linter):
        pytest.skip(f"{linter} is not installed")
    done = subprocess.run(
        [linter, *words], cwd=ROOT, capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr


def steps(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("linter", LINTERS)
def test_linters_find_nothing(linter):
    run(linter, *LINTERS[linter])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_are_sound(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    run("shellcheck", "--shell=bash", "-", input="\n".join(["set -e", *commands]))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_foreign_code_runs_without_secrets_and_may_write_nothing(path):
    text = path.read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    events = document[True]  # `on`, which YAML 1.1 takes for a truth value
    granted = [
        permission
        for part in (document, *document["jobs"].values())
        for permission in part.get("permissions", {}).values()
    ]
    assert "permissions" in document
    assert "pull_request_target" not in events
    if "pull_request" in events:
        assert set(granted) <= {"read"}
        assert "secrets." not in text
        assert "github.token" not in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_commands_have_no_expression_that_others_can_fill(path):
    """An expression is put into a command as text, quotes included; variables are not."""
    assert all("${{" not in step.get("run", "") for step in steps(path))
    checkouts = [step for step in steps(path) if "actions/checkout@" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
