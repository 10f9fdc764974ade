"""From a case to a function without arguments that runs the operator once."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from bench.cases import Case
from bench.environment import fixed
from bench.measure import backend
from bench.operators import Operator

SEED = 0
VARIATION = 0.5  # a variance, which begins as 1, stays positive


@dataclass(frozen=True)
class Call:
    """An operator with its inputs, ready to run.

    Attributes:
        layer: the layer that computes the operator.
        function: takes `arguments`, returns all that the direction asks for.
        arguments: the input and, in training, the gradient of the output.
    """

    layer: keras.layers.Layer
    function: backend.Function
    arguments: tuple[Any, ...]

    def __call__(self) -> Any:
        """Run the operator once and wait until the device has finished."""
        results = self.function(*self.arguments)
        backend.synchronise()
        return results

    @property
    def traces(self) -> int:
        """How often the function has been traced."""
        return backend.trace_count(self.function)

    @property
    def held_bytes(self) -> int:
        """Bytes of the arguments and of the layer's weights."""
        return backend.size_bytes([*self.arguments, *self.layer.variables])

    def counted_flops(self) -> int | None:
        """Return the FLOPs by the backend's counter, None where it cannot look into the call."""
        return backend.count_flops(self.function, self.arguments)


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
    with fixed(case.dtype):
        layer = operator.build(case)
        if not layer.built:  # a model is, for batches of any length
            layer.build(case.shape)
    if operator.reference is not None:
        _vary_constants(layer)
    compiled = backend.EXECUTORS[operator.executor]
    if case.direction == "forward":
        function = compiled(lambda inputs: layer(inputs, training=False))
    else:
        step = backend.training_step(layer, differentiates_inputs=operator.differentiates_inputs)
        function = compiled(step)
    return Call(layer, function, arguments(case, layer, SEED))


def arguments(case: Case, layer: keras.layers.Layer, seed: int) -> tuple[Any, ...]:
    """Return what a call of a layer takes: random numbers, all independent.

    Args:
        case: the case as the operator runs it.
        layer: the layer, for the shape of its outputs.
        seed: other seeds give other numbers.

    Returns:
        The input and, in training, the gradient of the output.
    """
    inputs = backend.normal(case.shape, case.dtype, 2 * seed)
    if case.direction == "forward":
        return (inputs,)
    output_shape = layer.compute_output_shape(case.shape)
    return inputs, backend.normal(output_shape, case.dtype, 2 * seed + 1)


def _vary_constants(layer: keras.layers.Layer) -> None:
    """Give random values to weights that begin as all zeros or all ones.

    A bias of zeros or a scale of ones would hide that an implementation leaves it out.
    """
    for number, weight in enumerate(layer.weights):
        values = backend.array(weight)
        if np.ptp(values) == 0:
            chance = np.random.default_rng((SEED, number))
            weight.assign(values + chance.uniform(-VARIATION, VARIATION, values.shape))
