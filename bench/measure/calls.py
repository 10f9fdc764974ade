"""From a case to a function without arguments that runs the operator once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from bench.cases import Case
from bench.operators import Operator

EXECUTORS: dict[str, Callable[[Callable], Callable]] = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": lambda function: tf.function(function, jit_compile=True),
}
SEED = 0
ACCELERATED = bool(tf.config.list_physical_devices("GPU"))


@dataclass(frozen=True)
class Call:
    """An operator with its inputs, ready to run.

    Attributes:
        layer: the layer that computes the operator.
        function: takes `arguments`, returns all that the direction asks for.
        arguments: the input and, in training, the gradient of the output.
    """

    layer: keras.layers.Layer
    function: Any
    arguments: tuple[tf.Tensor, ...]

    def __call__(self) -> Any:
        """Run the operator once and wait until the device has finished."""
        results = self.function(*self.arguments)
        if ACCELERATED:
            tf.test.experimental.sync_devices()
        return results

    @property
    def traces(self) -> int:
        """How often the function has been traced."""
        counter = getattr(self.function, "experimental_get_tracing_count", None)
        return counter() if counter else 0

    @property
    def held_bytes(self) -> int:
        """Bytes of the arguments and of the layer's weights."""
        weights = (tf.convert_to_tensor(variable.value) for variable in self.layer.variables)
        return sum(t.dtype.size * t.shape.num_elements() for t in (*self.arguments, *weights))


def prepare(operator: Operator, case: Case) -> Call:
    """Build an operator for a fitted case; nothing is traced or compiled yet.

    Weights and inputs are random but the same each time, so that operators can be compared.

    Args:
        operator: what to build.
        case: the case as the operator runs it.

    Returns:
        The call.
    """
    keras.utils.set_random_seed(SEED)
    layer = operator.build(case)
    layer.build(case.shape)
    inputs = _random(case.shape, case.dtype)
    wrap = EXECUTORS[operator.executor]
    if case.direction == "forward":
        return Call(layer, wrap(lambda x: layer(x, training=False)), (inputs,))
    output_gradients = _random(layer.compute_output_shape(case.shape), case.dtype)
    step = wrap(_training(layer, operator.differentiates_inputs))
    return Call(layer, step, (inputs, output_gradients))


def _training(layer: keras.layers.Layer, differentiates_inputs: bool) -> Callable:
    def step(inputs, output_gradients):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        sources = [variable.value for variable in layer.trainable_variables]
        if differentiates_inputs:
            sources.insert(0, inputs)
        return outputs, tape.gradient(outputs, sources, output_gradients)

    return step


def _random(shape: tuple[int, ...], dtype: str) -> tf.Tensor:
    return tf.cast(tf.random.stateless_normal(shape, seed=(SEED, 1)), dtype)
