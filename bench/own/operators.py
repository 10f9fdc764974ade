"""A layer of a user's model as an operator: the baseline of its case."""

from collections.abc import Callable
from typing import Any

import keras

from bench.cases import Case
from bench.operators import Operator, as_it_is, geometry
from bench.operators.convolutions import settings
from bench.own.layers import LayerUse
from bench.references import convolutions as references
from bench.references.truth import Reference
from involution import costs


def layer_operator(use: LayerUse) -> Operator:
    """Return the operator that computes what a layer does, without its activation.

    Args:
        use: a layer that is measured.
    """
    plain, biased = REFERENCES[use.kind]
    return Operator(
        use.kind,
        "keras-bias" if use.use_bias else "keras",
        "graph",
        fit=as_it_is,
        build=_layer(use),
        costs=lambda case: COSTS[use.kind](case, use_bias=use.use_bias),
        differentiates_inputs=use.differentiates_inputs,
        reference=biased if use.use_bias else plain,
    )


def _layer(use: LayerUse) -> Callable[[Case], keras.layers.Layer]:
    def build(case: Case) -> keras.layers.Layer:
        arguments = settings(case, use_bias=use.use_bias)
        if use.kind == "depthwise convolution":
            return keras.layers.DepthwiseConv2D(**arguments)
        if use.kind == "separable convolution":
            return keras.layers.SeparableConv2D(use.filters, **arguments)
        return keras.layers.Conv2D(use.filters, groups=use.groups, **arguments)

    return build


def _convolution(case: Case, **arguments: Any) -> costs.Costs:
    return costs.convolution(
        filters=case.outputs[3], groups=case.groups, **geometry(case), **arguments
    )


def _separable(case: Case, **arguments: Any) -> costs.Costs:
    return costs.separable_convolution(filters=case.outputs[3], **geometry(case), **arguments)


# Of a convolution without and with a bias.
REFERENCES: dict[str, tuple[Reference, Reference]] = {
    "convolution": (references.convolution, references.convolution_with_bias),
    "depthwise convolution": (
        references.depthwise_convolution,
        references.depthwise_convolution_with_bias,
    ),
    "separable convolution": (
        references.separable_convolution,
        references.separable_convolution_with_bias,
    ),
}
# A depthwise convolution is one with as many groups as channels.
COSTS: dict[str, Callable[..., costs.Costs]] = {
    "convolution": _convolution,
    "depthwise convolution": _convolution,
    "separable convolution": _separable,
}
