"""The examples in docstrings and in the README run and print what they say."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import bench
import involution
import reports

ROOT = Path(__file__).parents[1]
MODULES = [
    module.name
    for package in (involution, bench, reports)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith(("__main__", "conftest"))
]


@pytest.mark.parametrize("name", ["involution", *MODULES])
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_examples_in_the_readme():
    text = (ROOT / "README.md").read_text()
    blocks = [part.split("```")[0] for part in text.split("```python\n")[1:]]
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_commands_of_the_readme_name_what_exists():
    text = (ROOT / "README.md").read_text()
    tox = (ROOT / "tox.ini").read_text()
    environments = {
        name
        for words in text.split("tox run -e ")[1:]
        for name in words.split()[0].strip("`'\".").split(",")
    }
    assert {"bench", "report", "tests"} <= environments
    assert all(f"[testenv:{name}]" in tox for name in environments)
