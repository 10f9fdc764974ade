"""What a run says at its end."""

import json

from bench.session import closing
from tests.reports.conftest import Builder


def test_a_run_on_a_busy_machine_says_so_before_where_its_results_are(tmp_path):
    path = tmp_path / "bench.json"
    document = Builder().document()
    document["machine_info"]["cores"] = 2
    for load, is_busy in ((0.1, False), (4.9, True)):
        document["conditions"] = {"load": load}
        path.write_text(json.dumps(document), encoding="utf-8")
        lines = closing.lines(path, path, {}, [])
        busy = [line for line in lines if line.startswith("The machine was busy")]
        assert bool(busy) is is_busy
        assert "stop what else runs" in "".join(busy) or not is_busy
        assert lines[-2].startswith("Results: ")
