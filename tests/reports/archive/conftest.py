"""Small runs and the archives that hold them."""

import copy

import pytest

from reports.archive.writing import add


@pytest.fixture
def document(builder):
    """A run of two whole cases and one record that could not be measured."""
    builder.rounds = 8
    benchmarks = [
        entry
        for direction in ("forward", "training")
        for entry in builder.whole_case("stride", direction, strides=2)
    ]
    lost = {
        **copy.deepcopy(benchmarks[-1]["extra_info"]),
        "implementation": "patches-new",
        "rounds": None,
        "baseline_seconds": None,
        "notes": ["not measured: too large"],
    }
    return builder.document(benchmarks, unmeasured=[lost], conditions={"load": 0.5})


@pytest.fixture
def at_commit(document):
    """The same run at another commit and moment."""

    def changed(commit, when="2026-01-02T03:04:05+00:00", **top):
        info = {**document["commit_info"], "id": commit}
        return {**document, "commit_info": info, "datetime": when, **top}

    return changed


@pytest.fixture
def archive(tmp_path, write):
    """Make an archive of documents, and return its folder."""

    def made(*documents, name="archive"):
        files = [write(each, f"run-{place}.json") for place, each in enumerate(documents)]
        additions = list(add(tmp_path / name, files))
        assert [addition.problems for addition in additions] == [()] * len(files)
        return tmp_path / name

    return made
