"""Runs a job of a workflow as GitHub does: its commands for real, its actions by stand-ins."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
EXPRESSION = re.compile(r"\$\{\{ *([\w.]+) *\}\}")
ALWAYS = "${{ !cancelled() }}"
# Stands for GitHub's command line: keeps what it was asked, and knows one open pull request.
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$GH_LOG"
if [ "$1 $2" = "pr list" ]; then echo 7; fi
"""


class Job:
    """The only job of a workflow, on a machine that is a folder.

    `statuses` has the exit status of each step that has a name, by that name.
    """

    def __init__(self, name, machine, repository, branch, context, artifacts, **environment):
        self.file, self.machine = WORKFLOWS / f"{name}.yml", machine
        self.repository, self.branch = repository, branch
        self.workspace, self.temp = machine / "workspace", machine / "temp"
        self.summary, self.log = machine / "summary.md", machine / "log"
        self.asked = machine / "gh.log"
        self.context = {**context, "runner.temp": str(self.temp)}
        self.artifacts, self.statuses = artifacts, {}
        bin_folder = machine / "bin"
        for folder in (self.temp, bin_folder):
            folder.mkdir(parents=True)
        (bin_folder / "gh").write_text(GH)
        (bin_folder / "gh").chmod(0o755)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "PIP_QUIET": "1",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GH_LOG": str(self.asked),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **environment,
        }

    def run(self):
        """Run all steps, and return whether none failed that may not."""
        [job] = yaml.safe_load(self.file.read_text())["jobs"].values()
        self.environment |= self._filled(job.get("env"))
        works = True
        for step in job["steps"]:
            condition = step.get("if")
            assert condition in (None, ALWAYS), condition
            if works or condition == ALWAYS:
                status = self._step(step)
                works &= status == 0 or step.get("continue-on-error", False)
        return works

    def _step(self, step):
        if "uses" in step:
            action = step["uses"].split("@")[0].split("/")[1].replace("-", "_")
            return getattr(self, f"_{action}")(**self._filled(step.get("with")))
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        with self.log.open("a") as log:
            log.write(f"--- {step['name']}\n")
            log.flush()
            status = subprocess.run(
                ["bash", "-e", script],
                cwd=self.workspace,
                env={**self.environment, **self._filled(step.get("env"))},
                stdout=log,
                stderr=log,
                check=False,
            ).returncode
        self.statuses[step["name"]] = status
        return status

    def _filled(self, values):
        """Replace the expressions in values; commands have none."""

        def fill(value):
            filled = EXPRESSION.sub(lambda found: self.context[found[1]], str(value))
            assert "${{" not in filled, f"this stand-in does not know {filled}"
            return filled

        return {name.replace("-", "_"): fill(value) for name, value in (values or {}).items()}

    def _checkout(self, persist_credentials, fetch_depth="1"):
        assert persist_credentials == "False"
        depth = [] if fetch_depth == "0" else ["--depth", fetch_depth]
        git(
            self.machine,
            *("clone", "--quiet", *depth, "--branch", self.branch),
            *(f"file://{self.repository}", self.workspace),
        )
        return 0

    def _setup_python(self, python_version):
        python = self.machine / "python"
        subprocess.run([sys.executable, "-m", "venv", python], check=True)
        self.environment["PATH"] = f"{python / 'bin'}{os.pathsep}{self.environment['PATH']}"
        return 0

    def _upload_artifact(self, name, path, if_no_files_found="warn"):
        found = [self.workspace / line for line in path.split()]
        for file in filter(Path.is_file, found):
            (self.artifacts / name).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, self.artifacts / name)
        return 0

    def _download_artifact(self, name, path, run_id, github_token):
        if not (self.artifacts / name).exists():
            return 1
        shutil.copytree(self.artifacts / name, path)
        return 0


def git(folder, *words):
    """Run git, and return what it writes."""
    return subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.example", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
