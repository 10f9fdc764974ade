"""What is measured is what the record says, whatever a user has set for Keras."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import keras
import numpy as np
import pytest
import tensorflow as tf

from bench import bench_models
from bench.bench_core import OPERATORS as CORE
from bench.cases import Case
from bench.cifar import training
from bench.cifar.data import load
from bench.cifar.models import Candidate
from bench.cifar.settings import Settings
from bench.cifar.store import Store
from bench.environment import fixed, settings
from bench.measure.calls import prepare
from bench.measure.measurement import Plan
from bench.measure.prepared import Preparer
from bench.measure.stopping import Limits
from bench.measure.whole_case import WholeCase, measure
from bench.operators import ALL_OPERATORS
from bench.sweeps import competitors
from tests.bench.cifar import published

ROOT = Path(__file__).parents[2]
CASE = Case(batch=1, height=6, width=5, channels=4, kernel_size=3, groups=2)
# What a user may have set, and what is there without a setting.
SETTINGS = {
    "epsilon": (0.5, 1e-7),
    "floatx": ("float64", "float32"),
    "dtype_policy": ("mixed_bfloat16", "float32"),
    "image_data_format": ("channels_first", "channels_last"),
    "max_epochs": (1, None),
    "max_steps_per_epoch": (1, None),
}


def known():
    return {name: getattr(keras.config, name)() for name in SETTINGS if hasattr(keras.config, name)}


def put(which):
    for name, values in SETTINGS.items():
        if hasattr(keras.config, name):
            getattr(keras.config, f"set_{name}")(values[which])
    tf.config.run_functions_eagerly(which == 0)


@pytest.fixture
def changed():
    """Every setting that a user can change."""
    usual = settings()
    put(0)
    yield usual
    put(1)


def dtypes(layer):
    return {variable.dtype for variable in layer.variables if "seed" not in variable.path}


@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "float64"])
@pytest.mark.parametrize("operator", [*ALL_OPERATORS, *CORE], ids=str)
def test_operators_are_of_the_type_of_the_case(operator, dtype, changed):
    case = operator.fit(replace(CASE, dtype=dtype)) or replace(CASE, dtype=dtype)
    call = prepare(operator, case)
    assert dtypes(call.layer) == {dtype}
    assert call().dtype == dtype
    assert call().shape == case.shape  # channels are last


@pytest.mark.parametrize("dtype", ["float16", "float64"])
@pytest.mark.parametrize("operator", bench_models.OPERATORS[::2], ids=lambda each: each.name)
def test_whole_models_are_of_the_type_of_the_case(operator, dtype, changed, monkeypatch):
    monkeypatch.setattr(bench_models, "DEPTH", 14)
    before = known()
    model = operator.build(replace(CASE, height=32, width=32, channels=3, groups=1, dtype=dtype))
    assert dtypes(model) == {dtype}
    parts = [part for layer in model.layers for part in layer._flatten_layers()]
    assert {part.compute_dtype for part in parts} == {dtype}
    assert model.inputs[0].dtype == model.outputs[0].dtype == dtype
    assert model.input_shape == (None, 32, 32, 3)
    assert known() == before


def test_a_measurement_is_of_a_graph_as_the_record_says(changed):
    [fused] = [each for each in ALL_OPERATORS if each.implementation == "fused"]
    eager = set()

    def timer():
        eager.add(tf.config.functions_run_eagerly())
        return perf_counter()

    plan = Plan(Limits(0.01, 0.01, 6), timer, "warm", time_limit=60)
    case = WholeCase("case", competitors((fused,), replace(CASE, width=9)), order_seed=0)
    measure([case], Preparer(), plan, lambda *_: None)
    assert eager == {False}


def test_all_epochs_are_trained_in_float32(changed, tmp_path):
    def build(classes):
        flat = [keras.layers.AveragePooling2D(8), keras.layers.Flatten()]
        return keras.Sequential([keras.Input((32, 32, 3)), *flat, keras.layers.Dense(classes)])

    np.savez(tmp_path / "cifar.npz", **published.arrays())
    run = training.train(
        Candidate("small", "convolution", build),
        seed=0,
        data=load(tmp_path / "cifar.npz"),
        settings=Settings(epochs=2, batch=32),
        store=Store(tmp_path / "run"),
        strategy=tf.distribute.get_strategy(),
        verbose=0,
    )
    assert (run.state, run.epochs) == ("finished", 2)
    assert run.parameters == 4 * 4 * 3 * 10 + 10  # pooled with channels last
    assert dtypes(keras.models.load_model(tmp_path / "run" / "model.keras")) == {"float32"}


def test_settings_are_as_they_were_afterwards(changed):
    before = known()

    @fixed("float16")
    def stopped():
        assert keras.config.floatx() == keras.config.dtype_policy().name == "float16"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert known() == before
    assert tf.config.functions_run_eagerly()


def test_what_is_recorded_is_what_is_set_for_a_measurement(changed):
    found = settings()
    assert found == changed  # as without the user's settings
    assert {name: found[name] for name in known()} == {name: SETTINGS[name][1] for name in known()}
    assert json.loads(json.dumps(found)) == found


@pytest.mark.slow
def test_a_file_of_settings_changes_nothing(tmp_path, capsys):
    """As a user has them: in `keras.json` and in the environment, before Keras is imported."""
    (tmp_path / "keras.json").write_text(
        json.dumps({"floatx": "float16", "epsilon": 0.5, "image_data_format": "channels_first"})
    )
    code = (
        "from bench.bench_kernel_size import SWEEP; from bench.sweeps import plan\n"
        "from bench.measure.calls import prepare; from bench.environment import settings\n"
        "for operator, case in plan(SWEEP, 'quick')[:5]:\n"
        "    weights = prepare(operator, operator.fit(case)).layer.weights\n"
        "    print(operator, [(weight.dtype, tuple(weight.shape)) for weight in weights])\n"
        "print(settings())"
    )
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "KERAS_MAX_EPOCHS": "1"}
    output = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    exec(code, {})  # this process has no such settings
    assert output == capsys.readouterr().out
    assert "float32" in output
