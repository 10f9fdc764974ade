"""A folded model predicts what the model predicts."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from involution import Involution2D
from involution.layers.folded import FoldedInvolution2D
from involution.models import folded, rednet

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(2, 8, 8, 8)).astype("float32")


def randomized(model):
    """Give the weights, moving statistics too, numbers that differ; variances are positive."""
    model.set_weights([RANDOM.uniform(0.5, 1.5, weight.shape) for weight in model.get_weights()])
    return model


def chain_of(*after, **arguments):
    inputs = keras.Input(IMAGES.shape[1:])
    outputs = Involution2D(3, groups=2, **arguments)(inputs)
    for layer in after:
        outputs = layer(outputs)
    return randomized(keras.Model(inputs, outputs))


def assert_equal_predictions(model, copy, images=IMAGES):
    expected = np.asarray(model(images))
    tolerance = 1e-5 * np.abs(expected).max()
    np.testing.assert_allclose(copy(images), expected, rtol=0, atol=tolerance)


def foldings(model):
    return [layer for layer in model.layers if isinstance(layer, FoldedInvolution2D)]


@pytest.mark.parametrize("implementation", ["auto", "patches"])
@pytest.mark.parametrize("options", [{}, {"scale": False}, {"center": False}])
@pytest.mark.parametrize("rectified", [False, True])
def test_what_follows_is_folded(implementation, options, rectified):
    after = [layers.BatchNormalization(**options), *([layers.ReLU()] if rectified else [])]
    model = chain_of(*after, implementation=implementation)
    copy = folded(model)
    [layer] = foldings(copy)
    assert layer.rectified == rectified
    assert not any(isinstance(each, layers.BatchNormalization) for each in copy.layers)
    assert_equal_predictions(model, copy)


def test_a_relu_with_options_stays():
    model = chain_of(layers.BatchNormalization(), layers.ReLU(max_value=6.0))
    copy = folded(model)
    assert not foldings(copy)[0].rectified
    assert_equal_predictions(model, copy)


def test_nothing_is_folded_across_an_activation_or_another_use():
    model = chain_of(layers.BatchNormalization(), activation="gelu")
    assert foldings(folded(model)) == []
    inputs = keras.Input(IMAGES.shape[1:])
    outputs = Involution2D(3)(inputs)
    both = layers.Add()([outputs, layers.BatchNormalization()(outputs)])
    model = randomized(keras.Model(inputs, both))
    copy = folded(model)
    assert foldings(copy) == []
    assert_equal_predictions(model, copy)


def test_an_output_of_the_model_is_not_folded_away():
    inputs = keras.Input(IMAGES.shape[1:])
    normalized = layers.BatchNormalization()(Involution2D(3)(inputs))
    model = randomized(keras.Model(inputs, [normalized, layers.ReLU()(normalized)]))
    copy = folded(model)
    assert [layer.rectified for layer in foldings(copy)] == [False]
    for found, expected in zip(copy(IMAGES), model(IMAGES), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_channels_first():
    model = chain_of(layers.BatchNormalization(axis=1), layers.ReLU(), data_format="channels_first")
    copy = folded(model)
    assert len(foldings(copy)) == 1
    assert_equal_predictions(model, copy)


def test_rednet_is_folded_whole_and_survives_saving(tmp_path):
    model = rednet(14, input_shape=(32, 32, 3), classes=10, stem="cifar", width=16)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([RANDOM.uniform(0.5, 1.5, w.shape) for w in layer.get_weights()])
    copy = folded(model)
    assert len(foldings(copy)) == 4
    images = RANDOM.normal(size=(2, 32, 32, 3)).astype("float32")
    assert_equal_predictions(model, copy, images)
    copy.save(tmp_path / "folded.keras")
    again = keras.models.load_model(tmp_path / "folded.keras")
    np.testing.assert_array_equal(again(images), copy(images))


def test_gradients_pass_a_folded_layer():
    model = chain_of(layers.BatchNormalization(), layers.ReLU())
    found = []
    for each in (model, folded(model)):
        images = tf.constant(IMAGES)
        with tf.GradientTape() as tape:
            tape.watch(images)
            loss = tf.reduce_sum(tf.sin(each(images)))
        found.append(tape.gradient(loss, images))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-3, atol=1e-3)


def test_a_model_without_a_graph_is_refused():
    class Plain(keras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(ValueError, match=r"functional or sequential .* Received: model="):
        folded(Plain())


def test_a_sequential_model_is_folded():
    model = randomized(
        keras.Sequential(
            [
                keras.Input(IMAGES.shape[1:]),
                Involution2D(3),
                layers.BatchNormalization(),
                layers.GlobalAveragePooling2D(),
            ]
        )
    )
    copy = folded(model)
    assert len(foldings(copy)) == 1
    assert_equal_predictions(model, copy)
