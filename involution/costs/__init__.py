"""What an operator or a model costs by formula: parameters, MACs, FLOPs, compulsory bytes.

`python -m involution.costs` prints the parameters and FLOPs of RedNet and ResNet.
"""

from involution.costs.operators import (
    Costs,
    convolution,
    depthwise_convolution,
    involution,
    involve,
)

__all__ = ["Costs", "convolution", "depthwise_convolution", "involution", "involve"]
