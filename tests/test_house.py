"""Rules of the house that no linter has: names, sizes, and no circle of imports."""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("involution", "bench", "reports", "demo")
MOST_LINES = 300


def files(*folders, pattern="*.py"):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]


def test_no_two_classes_share_a_name():
    places = defaultdict(list)
    for path in files(*PACKAGES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert places
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_file_is_long():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for pattern in ("*.py", "*.cc", "*.h", "CMakeLists.txt")
        for path in files(*PACKAGES, "tests", pattern=pattern)
    }
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_imports_form_a_circle(package):
    # An import for types alone counts: it is an arrow that a reader follows, too.
    graph = grimp.build_graph(package, exclude_type_checking_imports=False, cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert any(imports.values())
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))
