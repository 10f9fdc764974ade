"""Names tell files apart by as little of their path as that takes."""

import pytest

from reports.sources.naming import telling_names


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        ([], []),
        (["results/bench.json"], ["bench.json"]),
        (["a/bench.json", "b/bench.json"], ["a/bench.json", "b/bench.json"]),
        (["a/x/bench.json", "b/x/bench.json"], ["a/x/bench.json", "b/x/bench.json"]),
        (
            ["a/x/bench.json", "b/y/bench.json", "c/old.json"],
            ["x/bench.json", "y/bench.json", "old.json"],
        ),
        (["/a/b/../c/bench.json", "/d/bench.json"], ["c/bench.json", "d/bench.json"]),
    ],
)
def test_names(paths, names):
    assert telling_names(paths) == names


def test_one_path_may_be_the_end_of_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = f"{tmp_path.name}/bench.json"
    assert telling_names(["bench.json", "a/bench.json"]) == [here, "a/bench.json"]


def test_names_that_no_page_can_hold_stay_apart():
    names = telling_names(["mess\udcfcng.json", "mess\udce4ng.json", "a\nb", "a\tb"])
    assert names == ["mess\\xfcng.json", "mess\\xe4ng.json", "a\\nb", "a\\tb"]
