"""The Keras layers."""

from involution.layers.involution2d import Involution2D
from involution.layers.pointwise import PointwiseConv2D

__all__ = ["Involution2D", "PointwiseConv2D"]
