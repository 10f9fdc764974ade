"""RedNet and ResNet: residual networks that differ in their stem and spatial operator alone.

RedNet is ResNet with involution in place of each 3x3 convolution of the body, and with a stem of a
3x3 convolution, an involution and a 3x3 convolution in place of one of 7x7 (Li et al.,
"Involution: Inverting the Inherence of Convolution for Visual Recognition", CVPR 2021, section
4.1); ResNet is the network of He et al., "Deep Residual Learning for Image Recognition", CVPR
2016, with the stride in the spatial convolution. With `stem="cifar"` both take
images of 32 x 32 pixels: one 3x3 convolution of stride 1 replaces the stem and its pooling.

Their blocks are bottlenecks; those of depth 18 are basic blocks of two 3x3 convolutions, of which
RedNet-18 has involution in place of the second. RedNet-18 is not of the paper: a reader of its code
reports it (github.com/d-li14/involution/issues/4), with a test accuracy on CIFAR-10 of 92.1 %
against 93.9 % for ResNet-18. The report leaves open the kernel size, which is 7 here as in the
paper, and how the two were trained.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

import keras
from keras import layers

from involution.geometry import odd_pair, positive
from involution.layers import Involution2D
from involution.models.arguments import checked_image_shape
from involution.models.layout import channels_last
from involution.ops import Implementation, checked_implementation

Stem: TypeAlias = Literal["imagenet", "cifar"]

# Blocks per stage. Depth 14 is not published; it is meant for small machines. Depth 18 has basic
# blocks.
SMALL = {14: (1, 1, 1, 1), 18: (2, 2, 2, 2)}
BASIC = frozenset({18})
BLOCKS = {
    26: (1, 2, 4, 1),
    38: (2, 3, 5, 2),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
EXPANSION = 4
GROUP_WIDTH = 16

# (inputs, filters, strides) to outputs.
Spatial: TypeAlias = Callable[[keras.KerasTensor, int, int], keras.KerasTensor]
StemLayers: TypeAlias = Callable[[keras.KerasTensor], keras.KerasTensor]


@channels_last
def rednet(
    depth: int,
    *,
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3),
    classes: int = 1000,
    stem_kernel_size: int = 7,
    implementation: Implementation = "auto",
    stem: Stem = "imagenet",
    width: int = 64,
) -> keras.Model:
    """Return RedNet: residual blocks around involution of kernel size 7.

    Args:
        depth: 26, 38, 50, 101 or 152; 18, with basic blocks; or 14, which is not published.
        input_shape: (height, width, channels) of an image; None for a side of any length. Default
            (224, 224, 3).
        classes: number of logits that the model returns. Default 1000.
        stem_kernel_size: kernel size of the stem's involution: 7 as published, 3 as in the
            paper's released ImageNet code. Default 7.
        implementation: how involution is computed, see `Involution2D`. Default "auto".
        stem: "imagenet", or "cifar": a single 3x3 convolution of stride 1, no pooling. Default
            "imagenet".
        width: channels of the first stage's blocks, a multiple of 16; each later stage has
            twice as many. Default 64.

    Returns:
        A model that maps images (batch, height, width, channels) to logits (batch, classes).

    Raises:
        ValueError: before any work, if there is no network of that depth, stem or width, or another
            argument is out of range.

    Example:
        >>> model = rednet(26, input_shape=(64, 64, 3), classes=10)
        >>> model.output_shape
        (None, 10)
    """
    checked_implementation(implementation)
    odd_pair(positive(stem_kernel_size, "stem_kernel_size"), "stem_kernel_size")

    def involution(
        x: keras.KerasTensor, filters: int, strides: int, kernel_size: int = 7
    ) -> keras.KerasTensor:
        layer = Involution2D(
            kernel_size,
            strides=strides,
            padding=kernel_size // 2,
            groups=max(filters // GROUP_WIDTH, 1),
            implementation=implementation,
        )
        return layer(x)

    def imagenet_stem(x: keras.KerasTensor) -> keras.KerasTensor:
        x = _normalized(_convolution(x, width // 2, kernel_size=3, strides=2))
        x = _normalized(involution(x, width // 2, 1, kernel_size=stem_kernel_size))
        return _normalized(_convolution(x, width, kernel_size=3))

    return _residual_network(
        "rednet",
        depth,
        input_shape=input_shape,
        classes=classes,
        stem=stem,
        width=width,
        imagenet_stem=imagenet_stem,
        spatial=involution,
    )


@channels_last
def resnet(
    depth: int,
    *,
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3),
    classes: int = 1000,
    stem: Stem = "imagenet",
    width: int = 64,
) -> keras.Model:
    """Return ResNet: residual blocks around 3x3 convolution.

    Args:
        depth: 26, 38, 50, 101 or 152; 18, with basic blocks; or 14, which is not published.
        input_shape: (height, width, channels) of an image; None for a side of any length. Default
            (224, 224, 3).
        classes: number of logits that the model returns. Default 1000.
        stem: "imagenet", or "cifar": a single 3x3 convolution of stride 1, no pooling. Default
            "imagenet".
        width: channels of the first stage's blocks, a multiple of 16; each later stage has
            twice as many. Default 64.

    Returns:
        A model that maps images (batch, height, width, channels) to logits (batch, classes).

    Raises:
        ValueError: before any work, if there is no network of that depth, stem or width, or another
            argument is out of range.

    Example:
        >>> model = resnet(26, input_shape=(64, 64, 3), classes=10)
        >>> model.output_shape
        (None, 10)
    """

    def convolution(x: keras.KerasTensor, filters: int, strides: int) -> keras.KerasTensor:
        return _convolution(x, filters, kernel_size=3, strides=strides)

    def imagenet_stem(x: keras.KerasTensor) -> keras.KerasTensor:
        return _normalized(_convolution(x, width, kernel_size=7, strides=2))

    return _residual_network(
        "resnet",
        depth,
        input_shape=input_shape,
        classes=classes,
        stem=stem,
        width=width,
        imagenet_stem=imagenet_stem,
        spatial=convolution,
    )


def _residual_network(
    name: str,
    depth: int,
    *,
    input_shape: tuple[int | None, int | None, int],
    classes: int,
    stem: Stem,
    width: int,
    imagenet_stem: StemLayers,
    spatial: Spatial,
) -> keras.Model:
    depths = SMALL | BLOCKS
    if type(depth) is not int or depth not in depths:
        raise ValueError(f"`depth` must be one of {tuple(depths)}. Received: depth={depth!r}")
    if stem not in get_args(Stem):
        raise ValueError(f"`stem` must be one of {get_args(Stem)}. Received: stem={stem!r}")
    width, classes = positive(width, "width"), positive(classes, "classes")
    if width % GROUP_WIDTH:
        raise ValueError(f"`width` must be a multiple of {GROUP_WIDTH}. Received: width={width}")
    images = keras.Input(checked_image_shape(input_shape))
    if stem == "cifar":
        # The same for both networks: the image's 3 channels are too few to share kernels.
        x = _normalized(_convolution(images, width, kernel_size=3))
    else:
        x = layers.ZeroPadding2D(1)(imagenet_stem(images))
        x = layers.MaxPooling2D(3, strides=2)(x)
    for stage, blocks in enumerate(depths[depth]):
        for block in range(blocks):
            strides = 2 if stage > 0 and block == 0 else 1
            x = _block(x, width * 2**stage, strides, spatial=spatial, is_basic=depth in BASIC)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(classes)(x), name=f"{name}{depth}")


def _block(
    x: keras.KerasTensor, filters: int, strides: int, *, spatial: Spatial, is_basic: bool
) -> keras.KerasTensor:
    outputs = filters if is_basic else EXPANSION * filters
    shortcut = x
    if strides > 1 or x.shape[-1] != outputs:
        shortcut = _convolution(x, outputs, kernel_size=1, strides=strides)
        shortcut = _normalized(shortcut, activate=False)
    if is_basic:
        x = _normalized(_convolution(x, filters, kernel_size=3, strides=strides))
        x = spatial(x, filters, 1)
    else:
        x = _normalized(_convolution(x, filters, kernel_size=1))
        x = _normalized(spatial(x, filters, strides))
        x = _convolution(x, outputs, kernel_size=1)
    # A block begins as the identity, which makes deep networks easier to train.
    x = _normalized(x, activate=False, gamma_initializer="zeros")
    return layers.ReLU()(layers.Add()([x, shortcut]))


def _convolution(
    x: keras.KerasTensor, filters: int, *, kernel_size: int, strides: int = 1
) -> keras.KerasTensor:
    """Return a convolution with equal padding on all sides, which Keras's "same" does not give."""
    if kernel_size > 1:
        x = layers.ZeroPadding2D(kernel_size // 2)(x)
    return layers.Conv2D(
        filters, kernel_size, strides, use_bias=False, kernel_initializer="he_normal"
    )(x)


def _normalized(
    x: keras.KerasTensor, *, activate: bool = True, gamma_initializer: str = "ones"
) -> keras.KerasTensor:
    normalization = layers.BatchNormalization(
        momentum=0.9, epsilon=1e-5, gamma_initializer=gamma_initializer
    )
    x = normalization(x)
    return layers.ReLU()(x) if activate else x
