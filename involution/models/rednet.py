"""RedNet and ResNet: bottleneck networks that differ in their stem and spatial operator alone.

RedNet is ResNet with involution in place of each 3x3 convolution of the body and of the stem
(Li et al., "Involution: Inverting the Inherence of Convolution for Visual Recognition", CVPR
2021, section 4.1); ResNet is the network of He et al., "Deep Residual Learning for Image
Recognition", CVPR 2016, with the stride in the spatial convolution.
"""

from collections.abc import Callable

import keras
from keras import layers

from involution.layers import Involution2D

BLOCKS = {
    26: (1, 2, 4, 1),
    38: (2, 3, 5, 2),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
EXPANSION = 4
GROUP_WIDTH = 16

Spatial = Callable[..., keras.KerasTensor]


def rednet(
    depth: int,
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3),
    classes: int = 1000,
    stem_kernel_size: int = 7,
    implementation: str = "auto",
) -> keras.Model:
    """Return RedNet: residual blocks around involution of kernel size 7.

    Args:
        depth: 26, 38, 50, 101 or 152.
        input_shape: (height, width, channels) of an image; None where any size will do.
        classes: how many logits the model returns.
        stem_kernel_size: kernel size of the stem's involution: 7 as published, 3 as in the
            paper's released ImageNet code.
        implementation: how involution is computed, see `Involution2D`.

    Returns:
        A model that maps images (batch, height, width, channels) to logits (batch, classes).

    Raises:
        ValueError: if there is no network of that depth.

    Example:
        >>> model = rednet(26, input_shape=(64, 64, 3), classes=10)
        >>> model.output_shape
        (None, 10)
    """

    def involution(x, filters, strides=1, kernel_size=7):
        layer = Involution2D(
            kernel_size,
            strides,
            padding=kernel_size // 2,
            groups=filters // GROUP_WIDTH,
            implementation=implementation,
        )
        return layer(x)

    def stem(x):
        x = _normalized(_convolution(x, 32, kernel_size=3, strides=2))
        x = _normalized(involution(x, 32, kernel_size=stem_kernel_size))
        return _normalized(_convolution(x, 64, kernel_size=3))

    return _residual_network(f"rednet{depth}", depth, input_shape, classes, stem, involution)


def resnet(
    depth: int,
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3),
    classes: int = 1000,
) -> keras.Model:
    """Return ResNet: residual blocks around 3x3 convolution.

    Args:
        depth: 26, 38, 50, 101 or 152.
        input_shape: (height, width, channels) of an image; None where any size will do.
        classes: how many logits the model returns.

    Returns:
        A model that maps images (batch, height, width, channels) to logits (batch, classes).

    Raises:
        ValueError: if there is no network of that depth.

    Example:
        >>> model = resnet(26, input_shape=(64, 64, 3), classes=10)
        >>> model.output_shape
        (None, 10)
    """

    def convolution(x, filters, strides=1):
        return _convolution(x, filters, kernel_size=3, strides=strides)

    def stem(x):
        return _normalized(_convolution(x, 64, kernel_size=7, strides=2))

    return _residual_network(f"resnet{depth}", depth, input_shape, classes, stem, convolution)


def _residual_network(
    name: str,
    depth: int,
    input_shape: tuple[int | None, int | None, int],
    classes: int,
    stem: Spatial,
    spatial: Spatial,
) -> keras.Model:
    if depth not in BLOCKS:
        raise ValueError(f"`depth` must be one of {tuple(BLOCKS)}. Received: depth={depth}")
    images = keras.Input(input_shape)
    x = layers.ZeroPadding2D(1)(stem(images))
    x = layers.MaxPooling2D(3, strides=2)(x)
    for stage, blocks in enumerate(BLOCKS[depth]):
        for block in range(blocks):
            strides = 2 if stage > 0 and block == 0 else 1
            x = _block(x, 64 * 2**stage, strides, spatial, project=block == 0)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(classes)(x), name=name)


def _block(x, filters: int, strides: int, spatial: Spatial, project: bool):
    shortcut = x
    if project:
        shortcut = _convolution(x, EXPANSION * filters, kernel_size=1, strides=strides)
        shortcut = _normalized(shortcut, activate=False)
    x = _normalized(_convolution(x, filters, kernel_size=1))
    x = _normalized(spatial(x, filters, strides=strides))
    x = _convolution(x, EXPANSION * filters, kernel_size=1)
    # A block begins as the identity, which makes deep networks easier to train.
    x = _normalized(x, activate=False, gamma_initializer="zeros")
    return layers.ReLU()(layers.Add()([x, shortcut]))


def _convolution(x, filters: int, kernel_size: int, strides: int = 1):
    """Return a convolution padded alike on all sides, which Keras's "same" is not."""
    if kernel_size > 1:
        x = layers.ZeroPadding2D(kernel_size // 2)(x)
    return layers.Conv2D(
        filters, kernel_size, strides, use_bias=False, kernel_initializer="he_normal"
    )(x)


def _normalized(x, activate: bool = True, gamma_initializer: str = "ones"):
    normalization = layers.BatchNormalization(
        momentum=0.9, epsilon=1e-5, gamma_initializer=gamma_initializer
    )
    x = normalization(x)
    return layers.ReLU()(x) if activate else x
