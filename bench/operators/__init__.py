"""The operators that compete."""

from bench.operators.attention import ATTENTION, LOCAL_ATTENTION
from bench.operators.convolutions import (
    BASELINE,
    CONVOLUTION_3X3,
    CONVOLUTION_XLA,
    DEPTHWISE_CONVOLUTION,
    GROUPED_CONVOLUTION,
    SEPARABLE_CONVOLUTION,
    dense_3x3,
)
from bench.operators.definition import (
    ITEMSIZES,
    Operator,
    as_it_is,
    dense,
    geometry,
    in_direction,
)
from bench.operators.involutions import FUSED, NATIVE, NATIVE_STORED, PATCHES
from involution.ops.native.library import reason_against

# The implementation that `auto` chooses.
INVOLUTION = NATIVE if reason_against() is None else FUSED
# Those that compete in every sweep whose module has no `OPERATORS` of its own; the first is the
# baseline. Other implementations of involution compete in the sweep over the kernel size and where
# the sum is timed alone.
OPERATORS = (
    BASELINE,
    CONVOLUTION_3X3,
    DEPTHWISE_CONVOLUTION,
    SEPARABLE_CONVOLUTION,
    INVOLUTION,
)
INVOLUTIONS = (NATIVE, NATIVE_STORED, FUSED, PATCHES)
ATTENTIONS = (ATTENTION, LOCAL_ATTENTION)
ALL_OPERATORS = tuple(
    dict.fromkeys((*OPERATORS, *INVOLUTIONS, GROUPED_CONVOLUTION, CONVOLUTION_XLA, *ATTENTIONS))
)

__all__ = [
    "ALL_OPERATORS",
    "ATTENTION",
    "ATTENTIONS",
    "BASELINE",
    "CONVOLUTION_3X3",
    "CONVOLUTION_XLA",
    "DEPTHWISE_CONVOLUTION",
    "FUSED",
    "GROUPED_CONVOLUTION",
    "INVOLUTION",
    "INVOLUTIONS",
    "ITEMSIZES",
    "LOCAL_ATTENTION",
    "NATIVE",
    "NATIVE_STORED",
    "OPERATORS",
    "PATCHES",
    "SEPARABLE_CONVOLUTION",
    "Operator",
    "as_it_is",
    "dense",
    "dense_3x3",
    "geometry",
    "in_direction",
]
