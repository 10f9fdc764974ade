"""The operators that compete: how each is built from a case, and what it costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict

import keras
import tensorflow as tf

from bench.cases import Case
from involution import Involution2D, costs
from involution.ops import Implementation
from reports.sources.case import Direction, Dtype, Executor


@dataclass(frozen=True, repr=False)
class Operator:
    """An operator in one implementation.

    Attributes:
        name: "convolution", "depthwise convolution" or "involution".
        implementation: how it is computed; "keras" for Keras's own layers.
        executor: "eager", "graph" or "xla".
        fit: maps a case to the case as this operator runs it, or to None where it takes no part.
        build: makes the layer of a fitted case.
        costs: the costs of a fitted case, by formula.
        differentiates_inputs: whether training also computes the gradient for the inputs;
            images, the inputs of a whole model, need none.
        reference: makes a layer with the same weights, whose results must be the same; None for
            the references themselves, for Keras's own layers, and for whole models.
        is_twin: whether it is a second instance of the baseline, whose ratio shows the noise.
    """

    name: str
    implementation: str
    executor: Executor
    fit: Callable[[Case], Case | None]
    build: Callable[[Case], keras.layers.Layer]
    costs: Callable[[Case], costs.Costs]
    differentiates_inputs: bool = True
    reference: Callable[[Case], keras.layers.Layer] | None = None
    is_twin: bool = False

    def __repr__(self) -> str:
        """Return a short name without spaces, unique among the operators."""
        if self.is_twin:
            return "twin"
        name = self.name.removesuffix(" convolution")
        return name if self.implementation == "keras" else f"{name}-{self.implementation}"


class GroupedConvolution(keras.layers.Conv2D):
    """Keras's grouped convolution by TensorFlow's own kernel.

    On a CPU Keras compiles a grouped convolution with XLA, which is several times slower than
    TensorFlow's kernel and, in training, up to hundreds of times slower.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the convolution of the inputs, "same" padded and without a bias."""
        return tf.nn.conv2d(inputs, self.kernel, self.strides, self.padding.upper())


class ConvolutionOfGroups(GroupedConvolution):
    """A grouped convolution by its definition: a dense convolution for each group."""

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return the concatenated convolutions of the groups, "same" padded, without a bias."""
        pairs = zip(
            tf.split(inputs, self.groups, axis=-1),
            tf.split(tf.convert_to_tensor(self.kernel), self.groups, axis=-1),
            strict=True,
        )
        padding = self.padding.upper()
        return tf.concat([tf.nn.conv2d(x, w, self.strides, padding) for x, w in pairs], axis=-1)


def dense(case: Case) -> Case:
    """Return a case with one group, as a dense convolution runs it.

    Args:
        case: with any number of groups.
    """
    return replace(case, groups=1)


def _one_group_per_channel(case: Case) -> Case:
    return replace(case, groups=case.channels)


def as_it_is(case: Case) -> Case:
    """Return the case unchanged: the `fit` of an operator that runs any case.

    Args:
        case: any case.
    """
    return case


def in_direction(direction: Direction) -> Callable[[Case], Case | None]:
    """Return the `fit` of an operator that takes part in one direction only.

    Args:
        direction: "forward" or "training".
    """
    return lambda case: case if case.direction == direction else None


def _convolution(layer: type[keras.layers.Conv2D]) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: layer(
        case.channels,
        case.kernel_size,
        case.strides,
        padding="same",
        groups=case.groups,
        use_bias=False,
        dtype=case.dtype,
        data_format="channels_last",
    )


def _depthwise_convolution(case: Case) -> keras.layers.Layer:
    return keras.layers.DepthwiseConv2D(
        case.kernel_size,
        case.strides,
        padding="same",
        use_bias=False,
        dtype=case.dtype,
        data_format="channels_last",
    )


class StoredKernels(Involution2D):
    """Involution that writes its kernels to memory, as a caller who asks for them makes it do."""

    def call(
        self,
        inputs: tf.Tensor,
        training: bool | None = None,  # noqa: FBT001 - the arguments of the layer
        return_kernels: bool = True,  # noqa: FBT001, FBT002 - the arguments of the layer
    ) -> tf.Tensor:
        """Return the outputs alone."""
        outputs, _ = super().call(inputs, training, return_kernels)
        return outputs


def _involution(
    implementation: Implementation, layer: type[Involution2D] = Involution2D
) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: layer(
        case.kernel_size,
        strides=case.strides,
        groups=case.groups,
        implementation=implementation,
        dtype=case.dtype,
        data_format="channels_last",
    )


def _competing_involution(name: str, build: Callable[[Case], keras.layers.Layer]) -> Operator:
    return Operator(
        "involution",
        name,
        "graph",
        fit=as_it_is,
        build=build,
        costs=_involution_costs,
        reference=_involution("patches"),
    )


class CostArguments(TypedDict):
    """The arguments that all formulas of `involution.costs` share."""

    shape: tuple[int, int, int, int]
    kernel_size: int
    strides: int
    itemsize: int
    training: bool


def geometry(case: Case) -> CostArguments:
    """Return the arguments that all formulas of `involution.costs` share.

    Args:
        case: the case as an operator runs it.
    """
    return {
        "shape": case.shape,
        "kernel_size": case.kernel_size,
        "strides": case.strides,
        "itemsize": ITEMSIZES[case.dtype],
        "training": case.direction == "training",
    }


def _convolution_costs(case: Case) -> costs.Costs:
    return costs.convolution(filters=case.channels, groups=case.groups, **geometry(case))


def _depthwise_costs(case: Case) -> costs.Costs:
    return costs.depthwise_convolution(**geometry(case))


def _involution_costs(case: Case) -> costs.Costs:
    return costs.involution(groups=case.groups, **geometry(case))


ITEMSIZES: dict[Dtype, int] = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}

BASELINE = Operator(
    "convolution",
    "keras",
    "graph",
    fit=dense,
    build=_convolution(keras.layers.Conv2D),
    costs=_convolution_costs,
)

GROUPED_CONVOLUTION = Operator(
    "convolution",
    "tensorflow",
    "graph",
    fit=as_it_is,
    build=_convolution(GroupedConvolution),
    costs=_convolution_costs,
    reference=_convolution(ConvolutionOfGroups),
)

DEPTHWISE_CONVOLUTION = Operator(
    "depthwise convolution",
    "keras",
    "graph",
    fit=_one_group_per_channel,
    build=_depthwise_convolution,
    costs=_depthwise_costs,
)

NATIVE = _competing_involution("native", _involution("native"))
NATIVE_STORED = _competing_involution("native-stored", _involution("native", StoredKernels))
FUSED = _competing_involution("fused", _involution("fused"))
PATCHES = replace(_competing_involution("patches", _involution("patches")), reference=None)

# Those that compete in every sweep whose module has no `OPERATORS` of its own; the first is the
# baseline.
OPERATORS = (BASELINE, DEPTHWISE_CONVOLUTION, NATIVE, FUSED, PATCHES)
ALL_OPERATORS = (*OPERATORS, NATIVE_STORED, GROUPED_CONVOLUTION)
