"""Involution for Keras: kernels made from the input, one for each position."""

from involution.layers import Involution2D
from involution.ops import involve

__all__ = ["Involution2D", "involve"]
__version__ = "0.1.0"
