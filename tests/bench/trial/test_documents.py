import pytest

from bench.own.subject import described, own_model
from bench.trial.documents import check_same, joined
from bench.trial.errors import TrialUsageError
from reports.sweeps.model.description import ModelDescription


def document(sweeps, **top):
    """A results file with a record in each of some sweeps, measured and not."""
    return {
        "suite": {"format": 2, "sweep_size": "quick", "batch": 8},
        "machine_info": {"node": "here"},
        "datetime": "2026-01-01",
        "model": {"name": "small", "replaced": []},
        "conditions": {"load": 1.0},
        "benchmarks": [
            {"fullname": f"a test of {name}", "extra_info": {"sweep": name}} for name in sweeps
        ],
        "unmeasured": [{"sweep": name, "notes": []} for name in sweeps],
        "spent": {"checks": 1.0, "rounds": 2.0},
        **top,
    }


def test_layers_and_whole_models_make_one_file():
    layers = document(["layers", "model"], conditions={"load": 2.0, "peak_flops": 3.0})
    whole = document(
        ["model"],
        suite={"format": 2, "sweep_size": "full", "replaced": [{"layer": "a", "kernel_size": 7}]},
        datetime="2026-01-02",
        model={"name": "small", "replaced": [{"layer": "a", "kernel_size": 7}]},
        spent={"rounds": 4.0, "compilation": 8.0},
    )
    found = joined(layers, whole)
    assert [each["extra_info"]["sweep"] for each in found["benchmarks"]] == ["layers", "model"]
    assert [each["sweep"] for each in found["unmeasured"]] == ["layers", "model"]
    assert found["model"] == whole["model"]
    assert found["datetime"] == "2026-01-02"
    assert found["spent"] == {"checks": 1.0, "rounds": 6.0, "compilation": 8.0}
    assert found["conditions"] == {"load": 2.0, "peak_flops": 3.0}
    replacement = {"replaced": [{"layer": "a", "kernel_size": 7}]}
    assert found["suite"] == {**layers["suite"], **replacement}


def test_a_joined_file_can_be_that_of_the_layers():
    """As where a trial is repeated with other layers replaced: the wholes are the new ones."""
    before = joined(document(["layers"]), document(["model"]))
    suite = {"format": 2, "replaced": [{"layer": "b", "kernel_size": 3}]}
    after = joined(before, document(["model"], suite=suite, datetime="2026-01-03"))
    assert [each["extra_info"]["sweep"] for each in after["benchmarks"]] == ["layers", "model"]
    assert after["suite"]["replaced"] == suite["replaced"]


def test_files_without_lists_that_may_be_missing_can_be_joined():
    bare = {"suite": {"format": 2}, "benchmarks": []}
    assert joined(bare, bare)["unmeasured"] == []
    assert joined(bare, bare)["spent"] == {}


@pytest.fixture(scope="module")
def own():
    return own_model("tutorial_cnn")


@pytest.mark.parametrize("changed", [{"batch": 4}, {"height": 33}, {"digest": "0" * 64}, {}])
def test_results_of_another_model_batch_or_size_are_refused(own, changed):
    found = ModelDescription.model_validate({**described(own), **changed})
    if not changed:
        check_same(found, own, "--layers")
        return
    [(key, value)] = changed.items()
    with pytest.raises(TrialUsageError, match=f"with {key}=.*Received: .*with {key}={value}"):
        check_same(found, own, "--layers")


def test_results_of_other_cases_are_refused(own):
    with pytest.raises(TrialUsageError, match="Received: results of other cases"):
        check_same(None, own, "--layers")
