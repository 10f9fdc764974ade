"""The sum alone, kernels given: what an implementation can gain or lose, without the generator."""

from collections.abc import Callable

import keras
import tensorflow as tf

from bench.cases import Case
from bench.operators import (
    BASELINE,
    CONVOLUTION_XLA,
    Operator,
    as_it_is,
    geometry,
    in_direction,
)
from bench.references.involutions import given_kernels
from bench.references.truth import Reference
from bench.sweeps import Sweep
from involution import costs, involve
from involution.ops import Implementation
from reports.sources.case import Direction, Executor

SWEEP = Sweep(
    "core",
    fields=("label",),
    values={
        "quick": (),
        "default": (
            Case(kernel_size=3),
            Case(),
            Case(batch=4, height=56, width=56),
            Case(height=14, width=14, channels=256, groups=16),
        ),
        "full": (
            *(Case(kernel_size=kernel_size) for kernel_size in (3, 5, 7, 11, 15)),
            *(Case(batch=4, height=size, width=size) for size in (56, 112, 224)),
            Case(height=14, width=14, channels=256, groups=16),
            Case(height=7, width=7, channels=512, groups=32),
        ),
    },
)


class GivenKernels(keras.layers.Layer):
    """Involution whose kernels are weights, one set for each image of the batch."""

    def __init__(self, case: Case, implementation: Implementation) -> None:
        super().__init__(dtype=case.dtype)
        self.case = case
        self.implementation = implementation

    def build(self, _: tuple[int, ...]) -> None:
        """Create a kernel for each window of an input of the case."""
        case = self.case
        shape = (*case.outputs[:3], *case.windows["kernel_size"], case.groups)
        self.kernels = self.add_weight(shape)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the outputs."""
        kernels = self.kernels.value
        geometry = self.case.windows
        return involve(
            inputs,
            kernels,
            strides=geometry["strides"],
            padding=geometry["padding"],
            dilation_rate=geometry["dilation_rate"],
            implementation=self.implementation,
        )

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs."""
        return (*self.kernels.shape[:3], input_shape[3])


def _given_kernels(implementation: Implementation) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: GivenKernels(case, implementation)


def _costs(case: Case) -> costs.Costs:
    return costs.involve(groups=case.groups, **geometry(case))


# The faster one for each. Compiled as a whole, a call of a second function is avoided; but the
# copies that reorder the tensors of the fused kernels' gradient must stay outside what is compiled.
EXECUTORS: dict[tuple[Implementation, Direction], Executor] = {
    ("native", "forward"): "xla",
    ("native", "training"): "xla",
    ("fused", "forward"): "xla",
    ("fused", "training"): "graph",
}


def compiled(
    build: Callable[[Implementation], Callable[[Case], keras.layers.Layer]],
    costs_of: Callable[[Case], costs.Costs],
    reference: Reference,
) -> tuple[Operator, ...]:
    """Return involution in each compiled implementation and direction, by its executor.

    Args:
        build: maps an implementation to what makes the layer of a case.
        costs_of: the costs of a case, by formula.
        reference: what the layer must compute.
    """
    return tuple(
        Operator(
            "involution",
            implementation,
            executor,
            fit=in_direction(direction),
            build=build(implementation),
            costs=costs_of,
            reference=reference,
        )
        for (implementation, direction), executor in EXECUTORS.items()
    )


COMPILED = compiled(_given_kernels, _costs, given_kernels)
PATCHES = Operator(
    "involution",
    "patches",
    "graph",
    fit=as_it_is,
    build=_given_kernels("patches"),
    costs=_costs,
    reference=given_kernels,
)
OPERATORS = (BASELINE, CONVOLUTION_XLA, *COMPILED, PATCHES)


def bench_core(measure: Callable[[], None]) -> None:
    measure()
