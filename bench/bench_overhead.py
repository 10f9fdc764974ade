"""What a call costs that computes nothing, in each executor: the overhead in every other time."""

from collections.abc import Callable
from dataclasses import replace

import keras
import tensorflow as tf

from bench.cases import Case
from bench.operators import BASELINE, Operator, dense
from bench.references.rounding import Growth
from bench.references.truth import Asked, Exact, Truth
from bench.sweeps import Sweep
from involution import costs
from reports.sources.case import Executor

# A single number: with more of them a copy would take longer than the call.
SMALLEST = Case(batch=1, height=1, width=1, channels=1, kernel_size=1, groups=1)

SWEEP = Sweep(
    "overhead",
    fields=("batch",),
    values={"quick": (1,), "default": (1,), "full": (1,)},
    base=SMALLEST,
)


class EmptyCall(keras.layers.Layer):
    """A layer that returns its inputs.

    It does so by an operation of TensorFlow, so that a call reaches its runtime and returns a
    tensor of its own, like that of any other layer.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the inputs."""
        return tf.identity(inputs)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the inputs."""
        return input_shape


def _without_windows(case: Case) -> Case:
    return replace(dense(case), kernel_size=1, strides=1)


def _unchanged(asked: Asked) -> Truth:
    outputs = Exact(asked.windows.of(asked.inputs), Growth())
    if asked.upstream is None:
        return Truth(outputs)
    to_inputs = Exact(asked.windows.among_all(asked.upstream), Growth())
    return Truth(outputs, asked.upstream, (to_inputs,))


def _empty_call(executor: Executor) -> Operator:
    return Operator(
        "empty call",
        executor,
        executor,
        fit=_without_windows,
        build=lambda case: EmptyCall(dtype=case.dtype),
        # The inputs may be returned where they are: nothing must be moved.
        costs=lambda _: costs.Costs(parameters=0, macs=0, compulsory_bytes=0),
        reference=_unchanged,
    )


OPERATORS = (BASELINE, _empty_call("eager"), _empty_call("graph"), _empty_call("xla"))


def bench_overhead(measure: Callable[[], None]) -> None:
    measure()
