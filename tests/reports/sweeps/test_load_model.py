"""The description of a model at the top of a results file."""

import pytest

from tests.reports.sweeps.test_load import loaded


@pytest.fixture
def document(builder):
    return builder.document([builder.record("kernel_size", "convolution")])


MODEL = {
    "name": "small",
    "source": "small.keras",
    "digest": None,
    "batch": 2,
    "height": 8,
    "width": 8,
    "channels": 3,
    "dtype": "float32",
    "parameters": 5,
    "macs": 7,
    "uncounted": [],
    "layers": [
        {
            "label": "8x8x3, 3x3",
            "kind": "Conv2D",
            "names": ["first", "second"],
            "count": 2,
            "is_measured": True,
            **dict.fromkeys(["reason", "instead", "parameters", "macs"]),
        }
    ],
    "replaced": [{"layer": "first", "kernel_size": "3x5"}],
}


def test_a_run_of_a_model_says_which(document, write):
    run = loaded(write(document | {"model": MODEL}))
    assert run.problems == ()
    assert run.model.model_dump() == MODEL


def test_a_damaged_model_leaves_the_records(document, write):
    damaged = MODEL | {"layers": [MODEL["layers"][0] | {"count": 0}]}
    run = loaded(write(document | {"model": damaged}))
    assert run.model is None
    assert len(run.records)
    expected = "model left out: layers[0].count: expected an integer of at least 1. Received: 0"
    assert [reason for _, reason in run.problems] == [expected]
