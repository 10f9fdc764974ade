"""Layers converted to LiteRT (TensorFlow Lite), run there and compared."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from involution import Involution2D

if not hasattr(tf, "lite"):
    pytest.skip("this TensorFlow has no converter", allow_module_level=True)


@pytest.mark.filterwarnings("ignore")  # of the converter and of the interpreter
@pytest.mark.parametrize("batch", [1, 2, None])
@pytest.mark.parametrize("geometry", [{}, {"strides": 2}, {"padding": "valid", "dilation_rate": 2}])
def test_fused_is_converted_to_built_in_operations(geometry, batch):
    image = keras.Input((8, 7, 4), batch_size=batch)
    layer = Involution2D(3, groups=2, implementation="fused", **geometry)
    model = keras.Model(image, layer(image))
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
