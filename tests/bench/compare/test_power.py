"""The statistics of the acceptance test, on processes made by hand."""

import json

import pytest

from bench.compare.kept import KeptRuns
from tests.acceptance.power import Pairs, kept, planted
from tests.bench.compare.conftest import document


@pytest.fixture
def pairs():
    before, after = ([document(seed) for seed in seeds] for seeds in ((1, 2, 3), (4, 5, 6)))
    return Pairs(before, after, most_cases=4)


def test_only_the_named_operator_is_slower():
    before = document(1)
    name = before["benchmarks"][3]["fullname"]
    [after] = planted([before], name, 0.5)
    changed = [
        new["stats"]["data"] != old["stats"]["data"]
        for old, new in zip(before["benchmarks"], after["benchmarks"], strict=True)
    ]
    assert [place for place, is_changed in enumerate(changed) if is_changed] == [3]
    old, new = (part["benchmarks"][3] for part in (before, after))
    assert new["stats"]["data"] == [1.5 * seconds for seconds in old["stats"]["data"]]
    assert new["extra_info"] == old["extra_info"]


def test_large_slowdowns_are_found_and_none_where_there_are_none(pairs):
    assert len(pairs.names) == 4
    assert not any("convolution-keras" in name for name in pairs.names if "depth" not in name)
    assert pairs.found(0.5, threshold=0.05) == 4
    assert pairs.found(0.0, threshold=0.05) == 0
    assert pairs.changed(threshold=0.05) == 0


def test_finished_pairs_are_read_from_their_folder(tmp_path):
    runs = KeptRuns(tmp_path)
    runs.begin({}, resumes=False)
    for number, sides in ((1, ("before", "after")), (2, ("after",))):
        for side in sides:
            runs.path(side, number).write_text(json.dumps({"is": f"{side} {number}"}))
            runs.finish(side, number, 30.0)
    assert kept(tmp_path) == ([{"is": "before 1"}], [{"is": "after 1"}], [60.0])
    assert kept(tmp_path / "none") == ([], [], [])
