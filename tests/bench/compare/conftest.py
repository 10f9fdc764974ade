import json
import subprocess
from pathlib import Path

import pytest

from tests.reports.conftest import Builder

# pytest-benchmark writes the file that is asked for, with this content in place of its own.
CONFTEST = """
import json
from pathlib import Path

def pytest_benchmark_generate_machine_info():
    return {"cpu": {}}  # to look for it takes seconds

def pytest_benchmark_update_json(output_json):
    output_json.clear()
    output_json.update(json.loads(Path(__file__).with_name("document.json").read_text()))
"""
BENCHMARK = "def test_speed(benchmark):\n    benchmark.pedantic(int)\n"


def git(folder, *words):
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def document(seed, slower=1.0, **top):
    """The results of one process; `slower` multiplies the time of one involution."""
    builder = Builder(rounds=40, noise=0.01, seed=seed)
    content = builder.document(builder.sweep("stride"))
    for entry in content["benchmarks"]:
        if "fused-forward-2" in entry["name"]:
            entry["stats"]["data"] = [slower * seconds for seconds in entry["stats"]["data"]]
    return {**content, **top}


@pytest.fixture
def repository(tmp_path):
    """A repository whose only commit has packages of the right names and one quick benchmark."""
    root = tmp_path / "repository"
    for name in ("involution", "bench", "reports"):
        (root / name).mkdir(parents=True)
        (root / name / "__init__.py").touch()
    write(root, ".gitignore", "__pycache__/\n.pytest_cache/\nresults/\n*.so\n")
    write(root, "bench/conftest.py", CONFTEST)
    write(root, "bench/test_speed.py", BENCHMARK)
    write(root, "bench/document.json", json.dumps(document(1)))
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "first")
    return root


def write(root, name, text):
    path = Path(root, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
