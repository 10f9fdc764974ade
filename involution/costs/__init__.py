"""The costs of an operator or a model by formula: parameters, MACs, FLOPs, compulsory bytes.

`python -m involution.costs` prints the parameters, MACs and published FLOPs of RedNet and ResNet.
"""

from involution.costs.attention import local_attention, self_attention
from involution.costs.involutions import generated, involution, involve
from involution.costs.operators import (
    Costs,
    convolution,
    depthwise_convolution,
    separable_convolution,
)

__all__ = [
    "Costs",
    "convolution",
    "depthwise_convolution",
    "generated",
    "involution",
    "involve",
    "local_attention",
    "self_attention",
    "separable_convolution",
]
