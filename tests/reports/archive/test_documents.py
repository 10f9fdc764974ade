"""The page about the archive: its queries and examples give what they say."""

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

DOCUMENT = (Path(__file__).parents[3] / "docs" / "archive.md").read_text(encoding="utf-8")
WRITTEN = "results/archive"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.fixture
def folder(builder, at_commit, archive):
    """An archive with two of the commits that the page names."""
    competitors = [("convolution", "keras", "graph"), ("involution", "native", "graph")]
    benchmarks = builder.whole_case("kernel_size", competitors=competitors, kernel_size=7)
    commits = re.findall(r"commit, '(\w{7})'", DOCUMENT)
    assert len(commits) == 2
    return archive(*(at_commit(each, benchmarks=benchmarks) for each in commits))


def commands():
    """The command that asks DuckDB, as it is printed and with each other query in its place."""
    [printed] = [each for each in blocks("sh") if "duckdb" in each]
    first = printed[printed.index("SELECT hardware") : printed.rindex("\n''')")]
    return [printed, *(printed.replace(first, query.strip()) for query in blocks("sql"))]


def test_each_query_finds_something(folder):
    found = []
    for command in commands():
        python, option, code = shlex.split(command)  # as a shell takes it out of its marks
        assert (python, option) == ("python", "-c")
        code = code.replace(WRITTEN, folder.as_posix()).replace(").show()", ").fetchall()")
        *before, last = ast.parse(code).body
        names = {}
        exec(compile(ast.Module(before, []), "archive.md", "exec"), names)
        found.append(eval(compile(ast.Expression(last.value), "archive.md", "eval"), names))
        names["duckdb"].sql("DROP VIEW records")
    assert len(found) >= 6
    assert all(found)
    [what_is_there] = found[0]
    assert what_is_there[1:3] == (2, 2)


@pytest.mark.posix
def test_the_command_that_runs_a_query_runs_as_it_is_printed(folder):
    paths = [str(Path(sys.executable).parent), os.environ["PATH"]]
    done = subprocess.run(
        ["sh", "-c", commands()[0].replace(WRITTEN, folder.as_posix())],
        env={**os.environ, "PATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {"hardware", "runs", "commits", "records"} <= {*re.findall(r"\w+", done.stdout)}


def test_each_example_in_python_runs(folder):
    for block in blocks("python"):
        names = {}
        exec(compile(block.replace(WRITTEN, folder.as_posix()), "archive.md", "exec"), names)
        frame = names.get("frame", names.get("rounds"))
        assert len(frame)
        assert set(frame["commit"].str[:7]) == {"e56020a", "f5192e9"}


def test_the_ratios_of_rounds_are_those_of_the_row(folder):
    *_, rounds, _, _ = blocks("sql")
    with duckdb.connect() as database:
        view = re.search(r"CREATE VIEW.*?true\)", DOCUMENT, re.DOTALL)[0]
        database.execute(view.replace(WRITTEN, folder.as_posix()))
        found = database.execute(
            f"SELECT series, median(ratio) FROM ({rounds}) GROUP BY series"
        ).fetchall()
        ratios = dict(database.execute("SELECT series, ratio FROM records").fetchall())
    for series, median in found:
        assert median == pytest.approx(ratios[series], rel=1e-3)
