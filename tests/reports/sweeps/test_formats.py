"""Results files of each format that were written once, and must stay readable."""

from pathlib import Path

import pytest

from reports.kinds import read

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "records", "models"), [("format-1", 6, 2), ("format-2", 4, 0)])
def test_files_that_were_written_once_stay_readable(name, records, models):
    results = read([GOLDEN / f"{name}.json"])
    assert results.problems == []
    found = results.sources[0].content.judged
    assert len(found) == records
    assert (found["sweep"] == "models").sum() == models
    assert found["ratio"].notna().all()
