"""The operators that compete: how each is built from a case, and what it costs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import keras

from bench.cases import Case
from involution import Involution2D, costs


@dataclass(frozen=True)
class Operator:
    """An operator in one implementation.

    Attributes:
        name: "convolution", "depthwise convolution" or "involution".
        implementation: how it is computed; "keras" for Keras's own layers.
        executor: "eager", "graph" or "xla".
        fit: maps a case and the axis of its sweep to the case as this operator runs it.
        build: makes the layer of a fitted case.
        costs: the costs of a fitted case, by formula.
    """

    name: str
    implementation: str
    executor: str
    fit: Callable[[Case, str], Case]
    build: Callable[[Case], keras.layers.Layer]
    costs: Callable[[Case], costs.Costs]

    def __str__(self) -> str:
        """Return a short name without spaces, unique among the operators."""
        name = self.name.removesuffix(" convolution")
        return name if self.implementation == "keras" else f"{name}-{self.implementation}"


def dense(case: Case, axis: str = "") -> Case:
    """Return the case of a dense convolution, whatever the groups of `case`."""
    return replace(case, groups=1)


def _grouped_where_swept(case: Case, axis: str) -> Case:
    return case if axis == "groups" else dense(case)


def _one_group_a_channel(case: Case, axis: str) -> Case:
    return replace(case, groups=case.channels)


def _as_it_is(case: Case, axis: str) -> Case:
    return case


def _convolution(case: Case) -> keras.layers.Layer:
    return keras.layers.Conv2D(
        case.channels,
        case.kernel_size,
        case.strides,
        padding="same",
        groups=case.groups,
        use_bias=False,
        dtype=case.dtype,
    )


def _depthwise_convolution(case: Case) -> keras.layers.Layer:
    return keras.layers.DepthwiseConv2D(
        case.kernel_size, case.strides, padding="same", use_bias=False, dtype=case.dtype
    )


def _involution(implementation: str) -> Callable[[Case], keras.layers.Layer]:
    return lambda case: Involution2D(
        case.kernel_size,
        case.strides,
        groups=case.groups,
        implementation=implementation,
        dtype=case.dtype,
    )


def _geometry(case: Case) -> dict:
    return {
        "shape": case.shape,
        "kernel_size": case.kernel_size,
        "strides": case.strides,
        "itemsize": ITEMSIZES[case.dtype],
        "training": case.direction == "training",
    }


def _convolution_costs(case: Case) -> costs.Costs:
    return costs.convolution(filters=case.channels, groups=case.groups, **_geometry(case))


def _depthwise_costs(case: Case) -> costs.Costs:
    return costs.depthwise_convolution(**_geometry(case))


def _involution_costs(case: Case) -> costs.Costs:
    return costs.involution(groups=case.groups, **_geometry(case))


ITEMSIZES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}

BASELINE = Operator(
    "convolution", "keras", "graph", _grouped_where_swept, _convolution, _convolution_costs
)

OPERATORS = (
    BASELINE,
    Operator(
        "depthwise convolution",
        "keras",
        "graph",
        _one_group_a_channel,
        _depthwise_convolution,
        _depthwise_costs,
    ),
    Operator(
        "involution", "patches", "graph", _as_it_is, _involution("patches"), _involution_costs
    ),
)
