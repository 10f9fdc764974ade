"""The callback, on a small model."""

import json

import keras
import numpy as np
import pytest

from bench.profiling import tracing
from bench.profiling.training import ProfileSteps
from reports.profiling.record import ModelSubject

SUBJECT = ModelSubject(kind="model", model="dense", direction="training", batch=1)


@pytest.fixture
def network():
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    network.compile(keras.optimizers.SGD(0.1), "mse")
    return network


def fit(network, callback, steps, epochs=2):
    inputs, targets = np.ones((steps, 4), "float32"), np.ones((steps, 2), "float32")
    network.fit(inputs, targets, batch_size=1, epochs=epochs, callbacks=[callback], verbose=0)


def test_steps_in_the_middle_of_the_first_epoch(network, tmp_path, monkeypatch):
    marked, marker = [], tracing.marker
    monkeypatch.setattr(tracing, "marker", lambda step: marked.append(step) or marker(step))
    callback = ProfileSteps(tmp_path / "profile", "dense", SUBJECT, steps=6)
    fit(network, callback, steps=20)
    assert marked == [6, 7, 8, 9, 10, 11, 12, 13]
    found = json.loads((callback.run / "numbers.json").read_text())
    assert len(found["step_seconds"]) == 6
    assert found["subject"] == SUBJECT.model_dump()
    assert found["part_seconds"]["optimizer"] > 0
    assert found["part_seconds"]["input data"] > 0


def test_an_epoch_shorter_than_the_trace(network, tmp_path):
    callback = ProfileSteps(tmp_path / "profile", "dense", SUBJECT, steps=10)
    fit(network, callback, steps=5, epochs=1)
    found = json.loads((callback.run / "numbers.json").read_text())
    assert 3 <= len(found["step_seconds"]) <= 5


def test_nothing_is_traced_where_nothing_is_trained(network, tmp_path):
    callback = ProfileSteps(tmp_path / "profile", "dense", SUBJECT)
    fit(network, callback, steps=5, epochs=0)
    assert callback.run is None
    assert not (tmp_path / "profile").exists()
