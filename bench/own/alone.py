"""Layers that do outside of a model what a convolution does in it, to be measured."""

import keras
from keras import layers

from bench.own.errors import ModelError
from bench.own.in_place import in_place_of
from bench.own.kinds import KINDS, MEASURED
from bench.own.layers import LayerUse


def convolution_of(use: LayerUse) -> keras.layers.Layer:
    """Return a convolution as the model has it, with new weights and without its activation.

    Args:
        use: what the convolution does in its model; one that is measured.

    Returns:
        A layer that has not been built.

    Raises:
        ModelError: if it is none that is measured.
    """
    if not use.is_measured:
        raise ModelError(f"The layer {use.names[0]} cannot be measured: {use.reason}")
    kind = next(base for base in MEASURED if KINDS[base] == use.kind)
    return kind.from_config({**use.config, "activation": None, "trainable": True})


def involution_for(use: LayerUse, kernel_size: int | tuple[int, int] = 7) -> keras.layers.Layer:
    """Return involution for a convolution, after a 1x1 convolution where the channels change.

    Args:
        use: what the convolution does in its model.
        kernel_size: taps of the involution's window, odd, an integer or (vertical, horizontal).
            Default 7.

    Returns:
        An `Involution2D`, or a model of two layers, that has not been built. It has no activation.

    Raises:
        ValueError: if the kernel size is even; ModelError if there is no involution for the
            convolution, or no padding gives its output positions.

    Example:
        >>> from bench.own.layers import uses
        >>> from involution.models import tutorial_cnn
        >>> first, *_, last = uses(tutorial_cnn())
        >>> involution_for(first).compute_output_shape((1, 32, 32, 3))
        (1, 32, 32, 32)
        >>> type(involution_for(last, 3)).__name__
        'Involution2D'
    """
    if use.reason and not use.instead:
        raise ModelError(f"Involution cannot take the place of {use.names[0]}: {use.reason}")
    involution = in_place_of(use, kernel_size)
    if not use.instead:
        return involution
    pointwise = layers.Conv2D(
        use.filters, 1, use_bias=False, data_format=use.data_format, dtype=use.config["dtype"]
    )
    return keras.Sequential([pointwise, involution])
