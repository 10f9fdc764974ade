"""Records of format 1: the baseline by the old rule, and each key under its new name."""

import pytest

from reports.sweeps.upgrade import from_format_1

OLD = {
    "sweep": "stride",
    "operator": "convolution",
    "implementation": "keras",
    "groups": 1,
    "macs": 10,
    "flops": 20,
    "profiler_flops": 21,
}


@pytest.mark.parametrize(
    ("changes", "is_baseline"),
    [
        ({}, True),
        ({"implementation": "resnet50"}, True),
        ({"implementation": "tensorflow"}, False),
        ({"groups": 2}, False),
        ({"operator": "involution"}, False),
        ({"operator": "depthwise convolution"}, False),
    ],
)
def test_the_baseline_is_dense_convolution_but_not_by_tensorflow(changes, is_baseline):
    assert from_format_1({**OLD, **changes}, is_measured=True)["is_baseline"] is is_baseline


def test_keys_get_their_new_names_and_added_ones_a_neutral_value():
    assert from_format_1(OLD, is_measured=True) == {
        "sweep": "stride",
        "operator": "convolution",
        "implementation": "keras",
        "backend": "tensorflow",
        "label": "",
        "groups": 1,
        "is_baseline": True,
        "macs": 10,
        "flops": 20,
        "published_operations": None,
        "counted_flops": 21,
    }


def test_a_label_stays():
    assert from_format_1({**OLD, "label": "K7"}, is_measured=True)["label"] == "K7"


def test_the_macs_of_a_model_were_operations_by_the_published_rule():
    found = from_format_1({**OLD, "sweep": "models"}, is_measured=True)
    assert (found["published_operations"], found["macs"], found["flops"]) == (10, None, None)


def test_a_case_without_a_measurement_may_lack_costs_but_not_its_geometry():
    found = from_format_1({"sweep": "models", "groups": 1}, is_measured=False)
    assert found["macs"] is None
    assert found["baseline_seconds"] is None
    assert found["peak_memory_source"] is None
    assert "batch" not in found
    assert "notes" not in found
