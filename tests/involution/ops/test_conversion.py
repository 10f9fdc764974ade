"""Layers for converters: converted to LiteRT (TensorFlow Lite), run there and compared."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D, involve, portable
from tests.involution import loop
from tests.involution.problem import problem


@pytest.mark.skipif(not hasattr(tf, "lite"), reason="this TensorFlow has no converter")
@pytest.mark.filterwarnings("ignore")  # of the converter and of the interpreter
@pytest.mark.parametrize("batch", [1, 2, None])
@pytest.mark.parametrize("geometry", [{}, {"strides": 2}, {"padding": "valid", "dilation_rate": 2}])
def test_a_portable_model_is_converted_to_built_in_operations(geometry, batch):
    image = keras.Input((8, 7, 4), batch_size=batch)
    model = keras.Model(image, Involution2D(3, groups=2, **geometry)(image))
    with portable():
        converted = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    interpreter = tf.lite.Interpreter(model_content=converted)
    inputs = np.random.default_rng(0).normal(size=(batch or 3, 8, 7, 4)).astype("float32")
    place = interpreter.get_input_details()[0]["index"]
    interpreter.resize_tensor_input(place, inputs.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(place, inputs)
    interpreter.invoke()
    outputs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    np.testing.assert_allclose(outputs, model(inputs), atol=1e-5)


# What makes a graph that converters refuse: calls of compiled functions and of native kernels.
CALLS = {"PartitionedCall", "StatefulPartitionedCall", "XlaCallModule", "While", "StatelessWhile"}


def operations(inputs, kernels, **options):
    graph = tf.function(lambda x, k: involve(x, k, **options), autograph=False)
    return {
        each.type for each in graph.get_concrete_function(inputs, kernels).graph.get_operations()
    }


def test_a_portable_graph_calls_nothing():
    inputs, kernels = problem()
    assert operations(inputs, kernels) & CALLS
    with portable():
        assert not operations(inputs, kernels) & CALLS
        outputs = tf.function(involve)(inputs, kernels)
    assert operations(inputs, kernels) & CALLS
    np.testing.assert_allclose(outputs, loop.involve(inputs, kernels), atol=1e-5)


def test_native_kernels_are_no_part_of_a_portable_graph():
    with portable(), pytest.raises(ValueError, match=r"converters.* implementation='native'"):
        involve(*problem(), implementation="native")
