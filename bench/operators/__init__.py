"""The operators that compete."""

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

# Those that compete in every sweep whose module has no `OPERATORS` of its own; the first is the
# baseline.
OPERATORS = (
    BASELINE,
    CONVOLUTION_3X3,
    DEPTHWISE_CONVOLUTION,
    SEPARABLE_CONVOLUTION,
    NATIVE,
    FUSED,
)
ALL_OPERATORS = (*OPERATORS, PATCHES, NATIVE_STORED, GROUPED_CONVOLUTION, CONVOLUTION_XLA)

__all__ = [
    "ALL_OPERATORS",
    "BASELINE",
    "CONVOLUTION_3X3",
    "CONVOLUTION_XLA",
    "DEPTHWISE_CONVOLUTION",
    "FUSED",
    "GROUPED_CONVOLUTION",
    "ITEMSIZES",
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
