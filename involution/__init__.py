"""Involution for Keras: a layer that generates a kernel from the input at each position."""

from involution import backend  # noqa: F401 - first: it refuses a backend with one clear message
from involution.layers import Involution2D
from involution.ops import involve
from involution.ops.portable import portable

__all__ = ["Involution2D", "involve", "portable"]
__version__ = "1.0.0"
