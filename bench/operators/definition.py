"""What an operator is: how it is built from a case, what it costs, and what it must compute."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict

import keras

from bench.cases import Case
from bench.references.truth import Reference
from involution import costs
from involution.geometry import Padding
from reports.sources.case import Direction, Dtype, Executor

ITEMSIZES: dict[Dtype, int] = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}


@dataclass(frozen=True, repr=False)
class Operator:
    """An operator in one implementation.

    Attributes:
        name: "convolution", "depthwise convolution", "separable convolution", "involution",
            "attention", "local attention" or "empty call".
        implementation: how it is computed; "keras" for Keras's own layers.
        executor: "eager", "graph" or "xla".
        fit: maps a case to the case as this operator runs it, or to None where it takes no part.
        build: makes the layer of a fitted case.
        costs: the costs of a fitted case, by formula.
        differentiates_inputs: whether training also computes the gradient for the inputs;
            images, the inputs of a whole model, need none.
        reference: computes in float64 what the layer must compute from the same weights. The same
            for all implementations of an operator. None for whole models.
        is_model: whether it is a whole model, which no operator competes with.
        is_twin: whether it is a second instance of the baseline, whose ratio shows the noise.
    """

    name: str
    implementation: str
    executor: Executor
    fit: Callable[[Case], Case | None]
    build: Callable[[Case], keras.layers.Layer]
    costs: Callable[[Case], costs.Costs]
    differentiates_inputs: bool = True
    reference: Reference | None = None
    is_model: bool = False
    is_twin: bool = False

    def __repr__(self) -> str:
        """Return a short name without spaces, unique among the operators."""
        if self.is_twin:
            return "twin"
        name = self.name.removesuffix(" convolution").removesuffix(" call").replace(" ", "-")
        # Keras's layers are what an operator's name alone stands for.
        implementation = self.implementation.removeprefix("keras").removeprefix("-")
        return f"{name}-{implementation}" if implementation else name


class CostArguments(TypedDict):
    """The arguments that all formulas of `involution.costs` share."""

    shape: tuple[int, int, int, int]
    kernel_size: tuple[int, int]
    strides: tuple[int, int]
    padding: Padding
    dilation_rate: tuple[int, int]
    itemsize: int
    training: bool


def geometry(case: Case) -> CostArguments:
    """Return the arguments that all formulas of `involution.costs` share.

    Args:
        case: the case as an operator runs it.
    """
    return {
        "shape": case.shape,
        **case.windows,
        "itemsize": ITEMSIZES[case.dtype],
        "training": case.direction == "training",
    }


def dense(case: Case) -> Case:
    """Return a case with one group, as a dense convolution runs it.

    Args:
        case: with any number of groups.
    """
    return replace(case, groups=1)


def as_it_is(case: Case) -> Case:
    """Return the case unchanged: the `fit` of an operator that runs any case.

    Args:
        case: any case.
    """
    return case


def where_involution_can(case: Case) -> Case | None:
    """Return a case as it is, None where involution cannot compute it.

    Args:
        case: any case.
    """
    has_centre = all(taps % 2 for taps in case.windows["kernel_size"])
    return case if has_centre and not case.filters else None


def in_direction(direction: Direction) -> Callable[[Case], Case | None]:
    """Return the `fit` of an operator that takes part in one direction only.

    Args:
        direction: "forward" or "training".
    """
    return lambda case: case if case.direction == direction else None
