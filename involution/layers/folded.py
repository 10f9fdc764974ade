"""Involution that a batch normalisation was folded into."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from involution.layers.involution2d import Involution2D
from involution.ops.types import Epilogue


@keras.saving.register_keras_serializable(package="involution")
class FoldedInvolution2D(Involution2D):
    """Involution whose outputs are scaled, shifted and perhaps rectified as they are written.

    A layer for inference, see `involution.models.folded`: scale and shift are not trained, and no
    gradient reaches them.

    Args:
        *args: as for `Involution2D`.
        rectified: whether negative outputs become zero, as by ReLU. Default False.
        **kwargs: as for `Involution2D`; its activation, if any, comes last.

    Example:
        >>> import numpy as np
        >>> layer = FoldedInvolution2D(3, rectified=True)
        >>> float(np.min(layer(np.ones((1, 4, 4, 8), "float32")))) >= 0
        True
    """

    def __init__(self, *args: Any, rectified: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rectified = rectified

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Create the generator, scale and shift for the channels of `input_shape`."""
        super().build(input_shape)
        [channels] = self.input_spec.axes.values()
        constant = {"shape": (channels,), "trainable": False}
        self.scale = self.add_weight(name="scale", initializer="ones", **constant)
        self.shift = self.add_weight(name="shift", initializer="zeros", **constant)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make this layer again."""
        return {**super().get_config(), "rectified": self.rectified}

    def _epilogue(self) -> Epilogue:
        scale, shift = (ops.cast(each, self.compute_dtype) for each in (self.scale, self.shift))
        return Epilogue(scale, shift, self.rectified)
