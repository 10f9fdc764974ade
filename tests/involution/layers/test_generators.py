"""Any layer that returns a kernel for each pixel can be the generator."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from involution import Involution2D
from tests.involution import loop
from tests.involution.layers.generators import NORMALIZED

IMAGES = np.random.default_rng(0).normal(size=(2, 5, 6, 4)).astype("float32")


@keras.saving.register_keras_serializable("tests")
class Told(layers.Layer):
    """Returns other kernels in training."""

    def call(self, inputs, training=False):
        return ops.repeat(inputs[..., :1], 9, axis=-1) * (2.0 if training else 1.0)


@keras.saving.register_keras_serializable("tests")
class Pair(layers.Layer):
    def call(self, inputs):
        return inputs, inputs


@keras.saving.register_keras_serializable("tests")
class OutOfSight(layers.Layer):
    """Computes by NumPy, which Keras cannot follow without numbers."""

    def call(self, inputs):
        return ops.convert_to_tensor(np.asarray(inputs)[..., :1].repeat(9, axis=-1))


class Described(OutOfSight):
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 9)


@keras.saving.register_keras_serializable("tests")
def nine(inputs):
    return ops.concatenate([inputs, inputs, inputs[..., :1]], axis=-1)


@keras.saving.register_keras_serializable("tests")
class OfUnknownSizes(layers.Layer):
    """Says of its outputs how many dimensions they have, and no more."""

    def call(self, inputs):
        return nine(inputs)

    def compute_output_shape(self, input_shape):
        return (None, None, None, None)


GENERATORS = {
    **{name: make for name, make in NORMALIZED.items() if name != "own"},
    "convolution": lambda: layers.Conv2D(9, 1),
    "lambda": lambda: layers.Lambda(nine),
    "unknown sizes": OfUnknownSizes,
    "training": Told,
    "dropout": lambda: keras.Sequential([layers.Dropout(0.5), layers.Dense(9)]),
}
each_generator = pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)


@each_generator
@pytest.mark.parametrize("shape", [(None, None, None, 4), IMAGES.shape])
def test_the_kernels_are_what_the_generator_returns(make, shape):
    generator = make()
    layer = Involution2D(3, kernel_generator=generator)
    layer.build(shape)
    count = len(layer.weights)
    outputs, kernels = layer(IMAGES, return_kernels=True)
    np.testing.assert_array_equal(kernels, np.reshape(generator(IMAGES), (2, 5, 6, 3, 3, 1)))
    expected = loop.involve(
        IMAGES, np.asarray(kernels), strides=(1, 1), padding="same", dilation_rate=(1, 1)
    )
    np.testing.assert_allclose(outputs, expected, atol=1e-4)
    assert len(layer.weights) == count  # all were made when the layer was built


@pytest.mark.filterwarnings("ignore:`build..` was called on layer:UserWarning")
@each_generator
def test_a_model_with_it_is_saved_and_loaded(make, tmp_path):
    model = keras.Sequential([keras.Input((5, 6, 4)), Involution2D(3, kernel_generator=make())])
    random = np.random.default_rng(1)
    model.set_weights([random.uniform(0.5, 1.5, weight.shape) for weight in model.weights])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", safe_mode=False)
    np.testing.assert_array_equal(again(IMAGES), model(IMAGES))
    shapes = [weight.shape for weight in model.weights]
    assert [weight.shape for weight in again.weights] == shapes
    assert [weight.shape for weight in keras.models.clone_model(model).weights] == shapes


def test_a_class_that_is_not_registered_is_given_when_the_model_is_loaded(tmp_path):
    class Unknown(layers.Layer):
        def call(self, inputs):
            return nine(inputs)

    layer = Involution2D(3, kernel_generator=Unknown())
    model = keras.Sequential([keras.Input((5, 6, 4)), layer])
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras", custom_objects={"Unknown": Unknown})
    np.testing.assert_array_equal(again(IMAGES), model(IMAGES))


def test_the_generator_is_told_whether_it_trains():
    layer = Involution2D(3, kernel_generator=Told())
    np.testing.assert_allclose(
        layer(IMAGES, training=True), 2 * np.asarray(layer(IMAGES)), rtol=1e-5
    )


@pytest.mark.parametrize("make", [GENERATORS["convolution"], GENERATORS["layer"]])
def test_two_layers_share_a_generator(make, tmp_path):
    generator = make()
    model = keras.Sequential(
        [
            keras.Input((5, 6, 4)),
            Involution2D(3, kernel_generator=generator),
            Involution2D(3, kernel_generator=generator),
        ]
    )
    count = len(generator.weights)
    assert len(model.weights) == count > 0
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert len(again.weights) == count
    first, second = again.layers
    assert first.kernel_generator is second.kernel_generator
    np.testing.assert_array_equal(again(IMAGES), model(IMAGES))


def test_what_is_expected_of_a_generator_is_said():
    expected = r"\(None, 5, 6, 9\). Received: "
    for generator, received in (
        (Pair(), r"\(<Ker"),
        (layers.Lambda(lambda x: x), r"\(None, 5, 6, 4\)"),
    ):
        with pytest.raises(ValueError, match=expected + received):
            Involution2D(3, kernel_generator=generator).build((None, 5, 6, 4))


def test_a_generator_that_cannot_be_traced_must_say_its_shape():
    with pytest.raises(Exception, match="compute_output_shape"):
        Involution2D(3, kernel_generator=OutOfSight()).build((None, 5, 6, 4))
    layer = Involution2D(3, kernel_generator=Described())
    _, kernels = layer(IMAGES, return_kernels=True)
    np.testing.assert_array_equal(kernels[..., 2, 2, 0], IMAGES[..., 0])
