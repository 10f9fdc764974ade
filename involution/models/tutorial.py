"""The two CIFAR-10 classifiers of the Keras example "Involutional neural networks".

Both stack three spatial layers with pooling between them and end in two dense layers.
"""

import keras
from keras import layers

from involution.layers import Involution2D

SHAPE = (32, 32, 3)
CLASSES = 10


def tutorial_cnn() -> keras.Sequential:
    """Return the convolutional classifier, 319,178 parameters.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to 10 logits.

    Example:
        >>> tutorial_cnn().count_params()
        319178
    """
    return _classifier(
        "tutorial_cnn",
        [layers.Conv2D(filters, kernel_size=3, padding="same") for filters in (32, 64, 64)],
    )


def tutorial_inn(implementation: str = "auto") -> keras.Sequential:
    """Return the involutional classifier, 13,080 parameters, 26 in each involution.

    Args:
        implementation: how involution is computed, see `Involution2D`.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to 10 logits.

    Example:
        >>> tutorial_inn().count_params()
        13080
    """
    return _classifier(
        "tutorial_inn",
        [
            Involution2D(
                kernel_size=3, kernel_generator=_generator(), implementation=implementation
            )
            for _ in range(3)
        ],
    )


def _generator() -> keras.Sequential:
    """Return the tutorial's kernel generator, whose first convolution has a bias."""
    return keras.Sequential(
        [
            layers.Conv2D(1, 1),  # 3 channels, reduction ratio 2
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(3 * 3, 1),
        ]
    )


def _classifier(name: str, spatial_layers: list[keras.layers.Layer]) -> keras.Sequential:
    first, second, third = spatial_layers
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            first,
            layers.ReLU(),
            layers.MaxPooling2D(2),
            second,
            layers.ReLU(),
            layers.MaxPooling2D(2),
            third,
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(CLASSES),
        ],
        name=name,
    )
