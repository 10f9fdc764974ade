"""Whether a model with involution runs is told before it is measured."""

import keras
import numpy as np
import pytest
from keras import layers

from bench.own.replacing import replaced
from bench.trial.errors import TrialError
from bench.trial.running import check


def small(*middle, outputs=4):
    images = keras.Input((8, 8, 16))
    x = layers.Conv2D(16, 3, padding="same", name="conv")(images)
    x = layers.BatchNormalization()(x)
    for layer in middle:
        x = layer(x)
    return keras.Model(images, layers.Dense(outputs)(layers.GlobalAveragePooling2D()(x)))


@keras.saving.register_keras_serializable("tests")
class Grows(layers.Layer):
    """Fine forward, infinite once it was trained."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, inputs):
        return inputs * self.scale * keras.ops.where(self.scale == 1, 1e18, 1.0)


@keras.saving.register_keras_serializable("tests")
class Odd(layers.Layer):
    """Has a place in a graph of layers, and does not run."""

    def call(self, inputs):
        raise RuntimeError("no room\nfor more")

    def compute_output_shape(self, input_shape):
        return input_shape


def test_a_model_that_runs_stays_as_it_is():
    model = small()
    new = replaced(model, {"conv": 7})
    before = [np.array(weight) for weight in new.weights]
    check(model, new)
    for weight, old in zip(new.weights, before, strict=True):
        np.testing.assert_array_equal(weight, old)


def test_several_outputs_by_name_run():
    images = keras.Input((8, 8, 16), name="images")
    x = layers.Conv2D(16, 3, padding="same", name="conv")(images)
    model = keras.Model({"images": images}, {"a": layers.Flatten()(x), "b": x})
    check(model, replaced(model, {"conv": 3}))


def test_other_shapes_are_refused():
    with pytest.raises(TrialError, match=r"shapes \[\(2, 4\)\]. Received: \[\(2, 5\)\]"):
        check(small(), small(outputs=5))


def test_numbers_that_are_not_finite_are_refused():
    model = small()
    broken = small(layers.Rescaling(np.inf))
    with pytest.raises(TrialError, match="outputs that are not finite"):
        check(model, broken)
    with pytest.raises(TrialError, match=r"(a loss|weights) that are not finite"):
        check(model, small(Grows(), layers.Rescaling(1e10)))


def test_a_model_that_raises_an_error_is_refused_with_the_reason():
    with pytest.raises(TrialError, match=r"does not run: Exception .* Odd.call\(\). no room$"):
        check(small(), small(Odd()))
