"""Whole models that use involution, and the convolutional models they are compared with."""

from involution.models.folding import folded
from involution.models.maps import kernel_maps
from involution.models.rednet import rednet, resnet
from involution.models.tutorial import (
    tutorial_cnn,
    tutorial_cnn_involution,
    tutorial_inn,
    tutorial_inn_wide,
)

__all__ = [
    "folded",
    "kernel_maps",
    "rednet",
    "resnet",
    "tutorial_cnn",
    "tutorial_cnn_involution",
    "tutorial_inn",
    "tutorial_inn_wide",
]
