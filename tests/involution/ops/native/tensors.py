"""Random tensors of the generated form, and layers that store their kernels or do not."""

from itertools import product

import numpy as np
import tensorflow as tf

from involution import Involution2D
from involution.ops import involve, involve_generated
from involution.ops.types import Generator, Windows

WINDOWS = Windows((3, 3), (1, 1), "same", (1, 1), groups=2)


def given_tensors(batch=2, size=4, channels=4, dtype="float64", scale=1.0):
    """Return inputs and kernels that fit WINDOWS."""
    return _tensors(
        [(batch, size, size, channels), (batch, size, size, *WINDOWS.kernel_size, WINDOWS.groups)],
        dtype,
        scale,
    )


def generated_tensors(batch=2, size=4, channels=4, reduced=3, dtype="float64", scale=1.0):
    """Return inputs, features, weights and bias that fit WINDOWS."""
    numbers = WINDOWS.kernel_size[0] * WINDOWS.kernel_size[1] * WINDOWS.groups
    shapes = [(batch, size, size, channels), (batch, size, size, reduced)]
    return _tensors([*shapes, (reduced, numbers), (numbers,)], dtype, scale)


def _tensors(shapes, dtype, scale):
    random = np.random.default_rng(0)
    return [tf.cast(scale * random.normal(size=shape), dtype) for shape in shapes]


def given_form(inputs, kernels, implementation="native"):
    return involve(inputs, kernels, implementation=implementation)


def generated_form(inputs, *generator):
    return involve_generated(inputs, Generator(*generator), WINDOWS)


def stored_form(inputs, *generator):
    """Return what `generated_form` must, from kernels that TensorFlow generates and stores."""
    kernels = Generator(*generator).kernels(WINDOWS)
    return involve(inputs, kernels, implementation="patches")


def results_of_all_dtypes():
    """Return outputs and gradients of both forms, relative to the rounding of each dtype."""
    found = []
    roundings = {"float32": 1.0, "float64": 1.0, "bfloat16": 2**-6, "float16": 2**-3}
    for (dtype, unit), channels in product(roundings.items(), (4, 34, 64)):
        for form, make in ((given_form, given_tensors), (generated_form, generated_tensors)):
            tensors = make(channels=channels, dtype=dtype)
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                outputs = form(*tensors)
            for tensor in (outputs, *tape.gradient(outputs, tensors)):
                numbers = tf.cast(tensor, "float64").numpy().ravel()
                found.append(unit * numbers / max(np.abs(numbers).max(), 1))
    return np.concatenate(found)


def layer_pair(inputs_shape, **arguments):
    """Return two layers with the same random weights: in place, and with stored kernels."""
    layers = [
        Involution2D(**arguments, implementation=implementation)
        for implementation in ("native", "patches")
    ]
    random = np.random.default_rng(1)
    for layer in layers:
        layer.build(inputs_shape)
    # Also the biases and the batch normalisation get numbers that tell one place from another.
    weights = [random.uniform(0.1, 0.9, variable.shape) for variable in layers[0].weights]
    for layer in layers:
        layer.set_weights(weights)
    return layers
