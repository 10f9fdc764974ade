"""The state of the layer reaches its generator, whenever it is set and whenever that is made."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D
from tests.involution.layers.generators import NORMALIZED

IMAGES = np.random.default_rng(0).normal(3, 2, size=(8, 6, 6, 4)).astype("float32")
SHAPE = (None, 6, 6, 4)
each_generator = pytest.mark.parametrize("generator", NORMALIZED.values(), ids=NORMALIZED)
# Keras says this of every loaded layer with a `call` alone that is in a model.
ignore_keras = pytest.mark.filterwarnings("ignore:`build..` was called on layer:UserWarning")


def made(generator, **arguments):
    return Involution2D(3, kernel_generator=generator(), **arguments)


def model_of(layer):
    return keras.Sequential([keras.Input(SHAPE[1:]), layer])


def made_frozen(generator):
    layer = made(generator, trainable=False)
    return model_of(layer)


def frozen_before(generator):
    layer = made(generator)
    layer.trainable = False
    return model_of(layer)


def frozen_after(generator):
    model = model_of(made(generator))
    model.layers[0].trainable = False
    return model


def frozen_around(generator):
    model = keras.Sequential([made(generator)])
    model.trainable = False
    model.build(SHAPE)
    return model


FREEZING = [made_frozen, frozen_before, frozen_after, frozen_around]


def saved(model, folder):
    model.save(folder / "model.keras")
    return keras.models.load_model(folder / "model.keras")


def cloned(model, _):
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    return clone


def with_weights(model, folder):
    model.save_weights(folder / "model.weights.h5")
    clone = keras.models.clone_model(model)
    clone.load_weights(folder / "model.weights.h5")
    return clone


COPIES = [lambda model, _: model, saved, cloned, with_weights]


def values(model):
    return [np.array(weight) for weight in model.get_weights()]


def in_training(model):
    """Return the outputs in training, and whether a number of the model changed by them."""
    before = values(model)
    outputs = keras.ops.convert_to_numpy(model(IMAGES, training=True))
    moved = [not np.array_equal(*pair) for pair in zip(before, values(model), strict=True)]
    return outputs, any(moved)


def assert_frozen(model):
    expected = keras.ops.convert_to_numpy(model(IMAGES, training=False))
    outputs, moved = in_training(model)
    assert not moved
    np.testing.assert_array_equal(outputs, expected)
    assert model.trainable_variables == []


@ignore_keras
@each_generator
@pytest.mark.parametrize("copy", COPIES, ids=["itself", "saved", "cloned", "weights"])
@pytest.mark.parametrize("freeze", FREEZING)
def test_a_frozen_layer_stays_as_it_is(freeze, copy, generator, tmp_path):
    model = freeze(generator)
    _randomize(model)
    again = copy(model, tmp_path)
    assert_frozen(again)
    np.testing.assert_array_equal(again(IMAGES), model(IMAGES))


def _randomize(model):
    """Give the moving statistics values that no batch has."""
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in model.weights])


@ignore_keras
@each_generator
def test_a_layer_that_is_thawed_learns_again(generator, tmp_path):
    thawed = made(generator, trainable=False)
    thawed.trainable = True
    models = [model_of(thawed), frozen_after(generator), saved(made_frozen(generator), tmp_path)]
    for model in models[1:]:
        model.layers[0].trainable = True
    for model in models:
        _, moved = in_training(model)
        assert moved
        assert len(model.trainable_variables) == len(model.weights) - 2  # mean and variance


@pytest.mark.parametrize("copy", COPIES[:3], ids=["itself", "saved", "cloned"])
def test_a_generator_that_is_frozen_alone_stays_frozen(copy, tmp_path):
    """As in fine-tuning: batch normalisation keeps its statistics, convolutions learn."""
    model = model_of(Involution2D(3, kernel_regularizer="l2"))
    model.layers[0].kernel_generator.layers[1].trainable = False
    _randomize(model)
    again = copy(model, tmp_path)
    outputs, moved = in_training(again)
    assert not moved
    np.testing.assert_array_equal(outputs, model(IMAGES))
    assert len(again.trainable_variables) == 3  # two weights, one bias
    names = [[v.path.split("/")[-2:] for v in each.variables] for each in (again, model)]
    assert names[0] == names[1]
    assert len(again.losses) == len(model.losses) == 2


def test_a_generator_of_the_user_stays_frozen_in_a_layer_that_learns():
    generator = NORMALIZED["sequential"]()
    generator.trainable = False
    layer = Involution2D(3, kernel_generator=generator)
    assert_frozen(model_of(layer))


def test_a_frozen_layer_is_not_trained_by_fit():
    model = keras.Sequential(
        [
            keras.Input(SHAPE[1:]),
            Involution2D(3, trainable=False),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1),
        ]
    )
    layer, _, dense = model.layers
    before = values(layer), values(dense)
    model.compile("sgd", "mse")
    model.fit(IMAGES, np.ones(len(IMAGES)), epochs=2, verbose=0)
    for old, new in zip(before[0], values(layer), strict=True):
        np.testing.assert_array_equal(old, new)
    assert not np.array_equal(before[1][0], values(dense)[0])


@pytest.mark.parametrize("freeze", [made_frozen, lambda generator: model_of(made(generator))])
def test_an_exported_model_is_the_model_in_inference(freeze, tmp_path):
    model = freeze(NORMALIZED["own"])
    _randomize(model)
    model.export(tmp_path / "exported", verbose=False)
    exported = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(
        exported.serve(IMAGES), model(IMAGES, training=False), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("copy", COPIES[:3], ids=["itself", "saved", "cloned"])
def test_a_policy_that_is_set_before_building_reaches_the_generator(copy, tmp_path):
    layer = Involution2D(3)
    layer.dtype_policy = "mixed_bfloat16"
    model = copy(model_of(layer), tmp_path)
    [layer] = model.layers
    parts = [layer, *layer.kernel_generator.layers]
    assert {part.compute_dtype for part in parts} == {"bfloat16"}
    assert {variable.dtype for variable in layer.variables} == {"float32"}
    assert model(IMAGES).dtype == "bfloat16"


@pytest.mark.parametrize("copy", COPIES[:3], ids=["itself", "saved", "cloned"])
def test_a_policy_of_the_generator_alone_is_kept(copy, tmp_path):
    model = model_of(Involution2D(3))
    for part in model.layers[0].kernel_generator.layers:
        part.dtype_policy = "mixed_bfloat16"
    [layer] = copy(model, tmp_path).layers
    assert layer.compute_dtype == "float32"
    assert {part.compute_dtype for part in layer.kernel_generator.layers} == {"bfloat16"}


@pytest.mark.parametrize("copy", COPIES[:3], ids=["itself", "saved", "cloned"])
def test_losses_of_generator_and_outputs_are_kept(copy, tmp_path):
    layer = Involution2D(
        3, kernel_regularizer="l2", activity_regularizer=keras.regularizers.L1(0.5)
    )
    model = copy(model_of(layer), tmp_path)
    outputs = model(IMAGES)
    weights = [weight for weight in model.trainable_weights if len(weight.shape) == 4]
    expected = sum(0.01 * np.sum(np.square(weight)) for weight in weights)
    # Versions of Keras differ in whether they divide this one by the number of images.
    identity = keras.layers.Identity(activity_regularizer=keras.regularizers.L1(0.5))
    identity(outputs)
    expected += float(identity.losses[0])
    assert sum(map(float, model.losses)) == pytest.approx(expected, rel=1e-4)
