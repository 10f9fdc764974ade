"""Reading a study: valid runs are checked, every kind of bad file a reason."""

import json
import math

import numpy as np
import pytest

from reports.cifar.load import read
from reports.cifar.record import (
    METRICS,
    History,
    StudyData,
    StudyRecord,
    StudySettings,
    TrainingRun,
    finite,
)
from reports.sources.files import UnreadableError
from reports.sources.validation import checked, documentation
from tests.reports.cifar import studies


def test_a_study_gives_its_runs_in_the_order_of_models_and_seeds(tmp_path):
    runs = [studies.run(m, s) for m in ("tutorial_inn", "tutorial_cnn") for s in (10, 2)]
    folder = read(studies.write(tmp_path, runs))
    assert [(run.model, run.seed) for run in folder.content.runs] == [
        ("tutorial_cnn", 2),
        ("tutorial_cnn", 10),
        ("tutorial_inn", 2),
        ("tutorial_inn", 10),
    ]
    assert folder.problems == []
    first = folder.content.runs[0]
    np.testing.assert_allclose(first.metric("val_accuracy"), [0.42, 0.56, 0.63, 0.7])
    np.testing.assert_array_equal(first.epoch_seconds, [12.0, 10.0, 10.5, 10.2])
    assert folder.content.sample[0].shape == (25, 32, 32, 3)
    assert {m.shape for m in folder.content.kernel_maps["tutorial_inn", 2].values()} == {
        (10, 16, 16),
        (10, 8, 8),
    }


def test_null_is_not_a_number(tmp_path):
    record = studies.run(state="diverged", input_seconds=None)
    record["history"]["loss"][-1] = None
    run = read(studies.write(tmp_path, [record])).content.runs[0]
    assert math.isnan(run.metric("loss")[-1])
    assert run.input_seconds is None


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("seed", -1, "seed: expected an integer of at least 0. Received: -1"),
        ("state", "asleep", "state: expected one of finished, stopped, diverged"),
        ("epoch_seconds", [1.0], "expected one value per epoch everywhere"),
        ("epoch_seconds", [-1.0] * 4, "epoch_seconds: expected a list of numbers of seconds"),
        ("history", {}, "history.loss: missing, expected a list of numbers, null where not finite"),
        ("history", 3, "history: expected an object. Received: 3"),
        ("parameters", True, "parameters: expected an integer"),
        ("input_seconds", "much", "input_seconds: expected a number or null"),
        ("format", 1, "unknown format: expected format=2. Received: 1"),
        ("notes", None, "notes: expected a list of strings"),
    ],
)
def test_a_bad_run_is_left_out_with_its_reason(tmp_path, key, value, reason):
    bad = {**studies.run("bad"), key: value}
    folder = read(studies.write(tmp_path, [studies.run(), bad]))
    assert [run.model for run in folder.content.runs] == ["tutorial_cnn"]
    ((path, found),) = folder.problems
    assert path.endswith(f"bad/seed-{bad['seed']}/run.json")
    assert reason in found


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": 3}, "expected format=1 or 2. Received: 3"),
        ({"settings": []}, "settings: expected an object. Received: []"),
        ({"settings": {"epochs": "many"}}, "settings.epochs: expected an integer of at least 1 or"),
        ({"data": None}, "data: expected an object. Received: null"),
    ],
)
def test_a_study_of_another_format_is_refused(tmp_path, changes, reason):
    with pytest.raises(UnreadableError) as error:
        read(studies.write(tmp_path, **changes))
    assert reason in str(error.value)


def test_a_study_without_a_run_says_how_to_resume(tmp_path):
    with pytest.raises(UnreadableError, match=r"resume it with `python -m bench\.cifar`"):
        read(studies.write(tmp_path, []))


def test_damaged_arrays_cost_their_figures_alone(study):
    (study / "images.npz").write_bytes(b"PK\x03\x04 cut short")
    folder = read(study)
    assert folder.content.sample is None
    assert len(folder.content.runs) == 6
    assert "not a file of arrays" in folder.problems[0][1]


@pytest.mark.parametrize("schema", [TrainingRun, History, StudyRecord, StudySettings, StudyData])
def test_each_key_is_documented(schema):
    lines = documentation(schema).splitlines()[2:]
    assert [line.split("`")[1] for line in lines] == list(schema.model_fields)
    assert all(field.description.endswith(".") for field in schema.model_fields.values())


def test_what_is_written_is_read(study):
    for file in study.glob("*/*/run.json"):
        run = checked(TrainingRun, json.loads(file.read_text()))
        assert checked(TrainingRun, run.model_dump(mode="json")) == run


def test_metrics_are_the_keys_of_the_history():
    assert tuple(History.model_fields) == METRICS


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e40])
def test_what_no_float32_can_be_is_null(value):
    assert finite(value) is None
    assert finite(1e38) == 1e38
