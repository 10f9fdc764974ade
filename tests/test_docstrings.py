"""The examples and commands in docstrings and documents run, or name what exists."""

import configparser
import doctest
import importlib
import pkgutil
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import bench
import demo
import involution
import reports

ROOT = Path(__file__).parents[1]
MODULES = [
    module.name
    for package in (involution, bench, reports, demo)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith(("__main__", "conftest", "libinvolution_native"))
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


@pytest.fixture(params=["README.md", "CONTRIBUTING.md"])
def document(request):
    return (ROOT / request.param).read_text()


def words(document, command):
    """The first words after a command, wherever a document has it."""
    found = re.findall(rf"{command} ([\w.,]+)", document)
    assert found
    return {name.rstrip(".") for each in found for name in each.split(",")}


def test_documents_name_environments_of_tox(document):
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini")
    known = {section.removeprefix("testenv:") for section in tox.sections()}
    assert words(document, "tox run -e") <= known


def test_documents_name_dependency_groups(document):
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert words(document, "--group") <= set(known)


def test_documents_name_modules(document):
    own = {
        name
        for name in words(document, "python -m")
        if name.split(".")[0] in ("bench", "demo", "involution", "reports")
    }
    assert own
    assert {name for name in own if not _runs(name)} == set()


def _runs(name):
    """Whether `python -m` does anything with a module."""
    spec = find_spec(name)
    if spec is None or spec.submodule_search_locations is not None:
        return find_spec(f"{name}.__main__") is not None
    return 'if __name__ == "__main__":' in Path(spec.origin).read_text(encoding="utf-8")


def test_documents_name_acceptance_tests():
    names = words((ROOT / "CONTRIBUTING.md").read_text(), "tox run -e acceptance -- -k")
    files = {path.stem.removeprefix("test_") for path in ROOT.glob("tests/acceptance/test_*.py")}
    # Where the name alone would choose tests of other files, too, the whole one is given.
    assert {name.removeprefix("test_") for name in names} == files
