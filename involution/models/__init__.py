"""Whole models that use involution, and the convolutional models they stand against."""

from involution.models.rednet import rednet, resnet
from involution.models.tutorial import tutorial_cnn, tutorial_inn

__all__ = ["rednet", "resnet", "tutorial_cnn", "tutorial_inn"]
