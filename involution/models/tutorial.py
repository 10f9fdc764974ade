"""The two CIFAR-10 classifiers of the Keras example "Involutional neural networks", and two more.

All stack three spatial layers with pooling between them and end in two dense layers. The
example's INN keeps the image's 3 channels and has 24 times fewer parameters than its CNN. The two
therefore differ in more than their operator. `tutorial_cnn_involution` removes the difference in
width, `tutorial_inn_wide` the difference in parameters.
"""

from collections.abc import Sequence
from itertools import pairwise

import keras
from keras import layers

from involution.geometry import positive
from involution.layers import Involution2D
from involution.layers.pointwise import PointwiseConv2D
from involution.models import trained
from involution.models.layout import channels_last
from involution.models.trained import Weights
from involution.ops import Implementation

SHAPE = (32, 32, 3)
CLASSES = 10
WIDTHS = (32, 64, 64)
# With this many channels the INN has 318,120 parameters, 0.3 % fewer than the CNN.
WIDE = 75


@channels_last
def tutorial_cnn(*, classes: int = CLASSES, weights: Weights | None = None) -> keras.Sequential:
    """Return the convolutional classifier, 319,178 parameters.

    Args:
        classes: number of logits that the model returns. Default 10.
        weights: "cifar10" for those of a training on CIFAR-10, see `weights/README.md`; None for
            random ones. Default None.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to logits (batch, classes).

    Raises:
        ValueError: before any work, if an argument is out of range or there are no such weights.

    Example:
        >>> tutorial_cnn().count_params()
        319178
    """
    return _classifier(
        "tutorial_cnn",
        [[layers.Conv2D(filters, kernel_size=3, padding="same")] for filters in WIDTHS],
        classes,
        weights,
    )


@channels_last
def tutorial_inn(
    *,
    implementation: Implementation = "auto",
    classes: int = CLASSES,
    weights: Weights | None = None,
) -> keras.Sequential:
    """Return the involutional classifier, 13,080 parameters, of which 13,074 are trained.

    Args:
        implementation: how involution is computed, see `Involution2D`. Default "auto".
        classes: number of logits that the model returns. Default 10.
        weights: "cifar10" for those of a training on CIFAR-10, see `weights/README.md`; None for
            random ones. Default None.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to logits (batch, classes).

    Raises:
        ValueError: before any work, if an argument is out of range or there are no such weights.

    Example:
        >>> tutorial_inn().count_params()
        13080
    """
    return _classifier(
        "tutorial_inn", [[_involution(3, implementation)] for _ in range(3)], classes, weights
    )


@channels_last
def tutorial_cnn_involution(
    *,
    implementation: Implementation = "auto",
    classes: int = CLASSES,
    weights: Weights | None = None,
) -> keras.Sequential:
    """Return the convolutional classifier with involution at the width of each convolution.

    Involution keeps the number of channels. Where the width changes, a 1x1 convolution comes
    first. Groups have 16 channels, as in the paper.

    Args:
        implementation: how involution is computed, see `Involution2D`. Default "auto".
        classes: number of logits that the model returns. Default 10.
        weights: "cifar10" for those of a training on CIFAR-10, see `weights/README.md`; None for
            random ones. Default None.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to logits (batch, classes).

    Raises:
        ValueError: before any work, if an argument is out of range or there are no such weights.

    Example:
        >>> tutorial_cnn_involution().count_params()
        268948
    """
    return _classifier(
        "tutorial_cnn_involution",
        [
            [
                *([layers.Conv2D(filters, 1)] if filters != before else []),
                Involution2D(3, groups=filters // 16, implementation=implementation),
            ]
            for before, filters in pairwise((SHAPE[-1], *WIDTHS))
        ],
        classes,
        weights,
    )


@channels_last
def tutorial_inn_wide(
    *,
    implementation: Implementation = "auto",
    classes: int = CLASSES,
    weights: Weights | None = None,
) -> keras.Sequential:
    """Return the involutional classifier widened to the parameters of the convolutional one.

    A 1x1 convolution widens the image from 3 to 75 channels. The rest is as in `tutorial_inn`.

    Args:
        implementation: how involution is computed, see `Involution2D`. Default "auto".
        classes: number of logits that the model returns. Default 10.
        weights: None for random ones; the package has no others of this model. Default None.

    Returns:
        A model that maps images (batch, 32, 32, 3), scaled to 0..1, to logits (batch, classes).

    Raises:
        ValueError: before any work, if an argument is out of range or there are no such weights.

    Example:
        >>> tutorial_inn_wide().count_params()
        318120
    """
    first, *others = [[_involution(WIDE, implementation)] for _ in range(3)]
    spatial_layers = [[layers.Conv2D(WIDE, 1), *first], *others]
    return _classifier("tutorial_inn_wide", spatial_layers, classes, weights)


def _involution(channels: int, implementation: Implementation) -> Involution2D:
    """Return the tutorial's layer: reduction ratio 2, and a bias in the first convolution."""
    generator = keras.Sequential(
        [
            PointwiseConv2D(channels // 2),
            layers.BatchNormalization(),
            layers.ReLU(),
            PointwiseConv2D(3 * 3),
        ]
    )
    return Involution2D(kernel_size=3, kernel_generator=generator, implementation=implementation)


def _classifier(
    name: str,
    spatial_layers: Sequence[Sequence[keras.layers.Layer]],
    classes: int,
    weights: Weights | None,
) -> keras.Sequential:
    classes = positive(classes, "classes")
    trained.check(name, weights, classes)
    first, second, third = spatial_layers
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            *first,
            layers.ReLU(),
            layers.MaxPooling2D(2),
            *second,
            layers.ReLU(),
            layers.MaxPooling2D(2),
            *third,
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes),
        ],
        name=name,
    )
    if weights is not None:
        trained.load(model, weights)
    return model
