"""The page about the archive: its queries and examples give what they say."""

import re
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


def test_each_query_finds_something(folder):
    make, *queries = blocks("sql")
    with duckdb.connect() as database:
        database.execute(make.replace(WRITTEN, folder.as_posix()))
        found = {query: database.execute(query).fetchall() for query in queries}
    assert len(found) >= 5
    assert [query for query, rows in found.items() if not rows] == []
    (what_is_there,) = found[queries[0]]
    assert what_is_there[1:3] == (2, 2)


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
        database.execute(blocks("sql")[0].replace(WRITTEN, folder.as_posix()))
        found = database.execute(
            f"SELECT series, median(ratio) FROM ({rounds}) GROUP BY series"
        ).fetchall()
        ratios = dict(database.execute("SELECT series, ratio FROM records").fetchall())
    for series, median in found:
        assert median == pytest.approx(ratios[series], rel=1e-3)
