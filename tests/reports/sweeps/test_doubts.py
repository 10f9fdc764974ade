"""What a reader is told about a run that is valid, and may still mislead."""

import pytest

from reports.sweeps.load import from_document


def doubts(builder, *, machine_info=None, **top):
    document = builder.document(**top)
    document["machine_info"].update(machine_info or {})
    return "\n".join(from_document(document, "run.json").warnings)


def test_a_clean_run_leaves_none(builder):
    assert doubts(builder) == ""


@pytest.mark.parametrize(
    ("top", "told"),
    [
        ({"commit_info": {"id": "0123", "dirty": True}}, "uncommitted changes: commit them"),
        ({"conditions": {"load": 1.4}}, "busy when it began (load 1.4 on 2 cores): stop"),
    ],
)
def test_each_doubt_says_what_to_do(top, told, builder):
    assert told in doubts(builder, **top)


def test_a_load_of_half_the_cores_is_no_doubt(builder):
    assert doubts(builder, conditions={"load": 1.0}) == ""


@pytest.mark.parametrize(
    ("info", "is_told"),
    [
        ({"onednn": False}, True),
        ({"onednn": True}, False),
        ({"onednn": None}, False),
        ({"onednn": False, "accelerators": ["NVIDIA H100"]}, False),
        ({"onednn": False, "system": "Darwin"}, False),  # built without it
    ],
)
def test_convolutions_that_could_be_faster_are_a_doubt(info, is_told, builder):
    assert ("TF_ENABLE_ONEDNN_OPTS=1" in doubts(builder, machine_info=info)) is is_told
