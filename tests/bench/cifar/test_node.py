"""A process on a node: what it sends is what training here leaves, wherever it begins."""

import pytest

pytestmark = pytest.mark.slow


def test_each_epoch_is_sent_and_then_the_whole_run(trained):
    whole, _ = trained["node"]
    assert [len(message["run"]["epoch_seconds"]) for message in whole] == [1, 2, 3, 3]
    assert [message["is_done"] for message in whole] == [False, False, False, True]
    assert [message["files"] for message in whole] == [
        *([f"epoch-{epoch}.keras", "run.json"] for epoch in (1, 2, 3)),
        ["model.keras", "run.json"],
    ]
    assert all(message["curves"] == ["train", "validation"] for message in whole[1:])
    assert whole[-1]["run"]["notes"] == ["a note"]


def test_a_node_trains_as_this_process_does_also_where_it_goes_on(trained):
    expected = trained["one device"]["history"]
    for messages in trained["node"]:
        assert messages[-1]["run"]["state"] == "finished"
        assert messages[-1]["run"]["history"] == expected
    _, resumed = trained["node"]
    assert [len(message["run"]["epoch_seconds"]) for message in resumed] == [3, 3]
