from dataclasses import replace

import keras
import pytest
from keras import layers

from bench.own.errors import ModelError
from bench.own.layers import uses
from involution import Involution2D, costs
from involution.models import resnet


def only(layer, shape=(8, 9, 6)):
    [use] = uses(keras.Sequential([keras.Input(shape), layer]))
    return use


class OwnConvolution(layers.Conv2D):
    pass


# What involution.costs counts for the layers of one pixel size, by arguments that both take.
@pytest.mark.parametrize("strides", [1, 2])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("use_bias", [True, False])
def test_costs_are_those_of_the_formulas(strides, padding, use_bias):
    geometry = {"kernel_size": 3, "strides": strides, "padding": padding, "use_bias": use_bias}
    shape = (1, 8, 9, 6)
    for layer, expected in (
        (layers.Conv2D(4, **geometry), costs.convolution(shape, filters=4, **geometry)),
        (
            layers.Conv2D(4, groups=2, **geometry),
            costs.convolution(shape, filters=4, groups=2, **geometry),
        ),
        (layers.DepthwiseConv2D(**geometry), costs.depthwise_convolution(shape, **geometry)),
        (
            layers.SeparableConv2D(4, **geometry),
            costs.separable_convolution(shape, filters=4, **geometry),
        ),
    ):
        use = only(layer)
        assert (use.parameters, use.macs) == (expected.parameters, expected.macs)
        assert use.is_measured
        assert use.is_spatial


@pytest.mark.parametrize(
    ("layer", "label", "reason", "instead"),
    [
        (layers.Conv2D(6, 3), "8x9x6, 3x3", None, None),
        (
            layers.Conv2D(6, (1, 3), strides=(2, 1), groups=2),
            "8x9x6, 1x3, stride 2x1, 2 groups",
            None,
            None,
        ),
        (
            layers.DepthwiseConv2D(3, dilation_rate=2),
            "8x9x6, 3x3 depthwise, dilation 2",
            None,
            None,
        ),
        (layers.SeparableConv2D(6, 5, strides=2), "8x9x6, 5x5 separable, stride 2", None, None),
        (
            layers.Conv2D(12, 3),
            "8x9x6 to 12, 3x3",
            "it makes 12 channels of 6, and involution keeps their number",
            "1x1 convolution to 12 channels, then involution",
        ),
        (layers.Conv2D(6, (4, 3)), "8x9x6, 4x3", "its window of 4x3 has no centre", None),
        (layers.Conv2D(12, 2), "8x9x6 to 12, 2x2", "its window of 2x2 has no centre", None),
    ],
    ids=lambda value: value.name if isinstance(value, layers.Layer) else None,
)
def test_measured_layers(layer, label, reason, instead):
    use = only(layer)
    assert (use.label, use.reason, use.instead) == (label, reason, instead)
    assert use.is_measured


@pytest.mark.parametrize(
    ("layer", "shape", "label", "reason"),
    [
        (layers.Conv2D(6, 1), (8, 9, 6), "8x9x6, 1x1", "its window is a single pixel"),
        (layers.Conv2DTranspose(6, 3), (8, 9, 6), "8x9x6, 3x3 transposed", "it is transposed, and"),
        (layers.Conv1D(6, 3), (9, 6), "9x6, 3", "its windows have 1 dimension"),
        (layers.Conv3D(4, 3), (8, 8, 9, 6), "8x8x9x6 to 4, 3x3x3", "its windows have 3 dimensions"),
        (
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            (8, 9, 6),
            "8x9x6 to 12, 3x3 depthwise",
            "it makes 2 channels of each, by its depth multiplier",
        ),
        (OwnConvolution(6, 3), (8, 9, 6), "8x9x6, 3x3", "it is a OwnConvolution, a subclass of"),
    ],
    ids=lambda value: value.name if isinstance(value, layers.Layer) else None,
)
def test_other_convolutions_are_listed_and_not_measured(layer, shape, label, reason):
    images = keras.Input((8, 8, 6))
    measured = layers.Conv2D(6, 7)(images)
    sizes = keras.Input(shape)
    model = keras.Model([images, sizes], [measured, layer(sizes)])
    use = next(use for use in uses(model) if use.names == (layer.name,))
    assert (use.label, use.is_measured, use.instead) == (label, False, None)
    assert use.reason.startswith(reason)
    assert use.is_spatial == (label != "8x9x6, 1x1")


def test_equal_work_is_one_use():
    """Weights, names and activations may differ; the input's size may not."""
    images = keras.Input((8, 8, 6))
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="a")(images)
    x = layers.Conv2D(6, 3, padding="same", name="b")(x)
    x = layers.Conv2D(6, 3, padding="same", name="c")(layers.MaxPooling2D()(x))
    found = uses(keras.Model(images, x))
    assert [(use.names, use.count) for use in found] == [(("a", "b"), 2), (("c",), 1)]


def test_inputs_of_the_first_layer_need_no_gradient():
    images = keras.Input((8, 8, 3))
    x = layers.Conv2D(6, 3, name="first")(layers.ZeroPadding2D()(images))
    model = keras.Model(images, layers.Conv2D(6, 3, name="second")(x))
    assert [use.differentiates_inputs for use in uses(model)] == [False, True]


def test_each_difference_shows_in_the_label():
    images = keras.Input((8, 8, 6))
    outputs = [
        layers.Conv2D(6, 3, name="plain")(images),
        layers.Conv2D(6, 3, padding="same", name="padded")(images),
        layers.Conv2D(6, 3, padding="same", use_bias=False, name="no_bias")(images),
        layers.Conv2D(6, 3, use_bias=False, dtype="mixed_float16", name="half")(images),
        layers.Conv2D(6, 3, use_bias=False, name="single")(images),
        layers.SeparableConv2D(6, 3, name="separable")(images),
        layers.SeparableConv2D(6, 3, depth_multiplier=2, name="double")(images),
    ]
    assert {use.names: use.label for use in uses(keras.Model(images, outputs))} == {
        ("plain",): "8x8x6, 3x3, valid padding, with a bias",
        ("padded",): "8x8x6, 3x3, same padding, with a bias",
        ("no_bias",): "8x8x6, 3x3, same padding, without a bias",
        ("half",): "8x8x6, 3x3, valid padding, without a bias, float16",
        ("single",): "8x8x6, 3x3, valid padding, without a bias, float32",
        ("separable",): "8x8x6, 3x3 separable, separable",
        ("double",): "8x8x6, 3x3 separable, double",
    }


def test_channels_first_is_told_with_channels_last():
    use = only(layers.Conv2D(4, 3, data_format="channels_first"), (6, 8, 9))
    assert (use.shape, use.filters, use.data_format) == ((8, 9, 6), 4, "channels_first")
    expected = only(layers.Conv2D(4, 3))
    assert replace(use, names=(), data_format="channels_last") == replace(expected, names=())


def test_mixed_precision_computes_in_half():
    assert only(layers.Conv2D(4, 3, dtype="mixed_float16")).dtype == "float16"


def test_layers_in_models_inside_and_shared_layers():
    shared = layers.Conv2D(3, 3, padding="same", name="shared")
    inner = keras.Sequential([keras.Input((None, None, 3)), shared], name="inner")
    images = keras.Input((8, 8, 3))
    x = layers.Conv2D(3, 3, padding="same", name="first")(images)
    x = inner(layers.MaxPooling2D()(inner(inner(x))))
    found = uses(keras.Model(images, x))
    assert [(use.names, use.count, use.shape) for use in found] == [
        (("first", "inner/shared"), 3, (8, 8, 3)),
        (("inner/shared",), 1, (4, 4, 3)),
    ]


def test_valid_padding_after_zero_padding_has_the_padded_size():
    use = next(use for use in uses(resnet(14)) if use.reason is None)
    assert (use.shape, use.padding) == ((58, 58, 64), "valid")


class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.convolution = layers.Conv2D(4, 3)

    def call(self, inputs):
        return self.convolution(inputs)


@pytest.mark.parametrize(
    ("layer", "received"),
    [
        (layers.ReLU(name="r"), "Received: plain with no convolution"),
        (layers.Conv2D(4, 1, name="c"), "Received: plain with c: its window is a single pixel"),
        (Involution2D(3), "with no convolution"),
        (Block(), "not inside a layer of its own. Received: plain with no convolution"),
    ],
)
def test_models_without_spatial_convolutions(layer, received):
    model = keras.Sequential([keras.Input((8, 8, 3)), layer], name="plain")
    with pytest.raises(ModelError, match=received):
        uses(model)


def test_sizes_must_be_known():
    with pytest.raises(ModelError, match=r"must have a known size\. Received: c with an input of"):
        uses(keras.Sequential([keras.Input((None, 8, 3)), layers.Conv2D(4, 3, name="c")]))


def test_mobilenet():
    """Its paper, table 2: a 3x3 convolution and 17 depthwise ones, four of stride 2."""
    found = [use for use in uses(keras.applications.MobileNetV2(weights=None)) if use.is_measured]
    depthwise = [use for use in found if use.kind == "depthwise convolution"]
    assert sum(use.count for use in depthwise) == 17
    assert sum(use.count for use in depthwise if use.strides == (2, 2)) == 4
    assert all(use.reason is None for use in depthwise)
    [first] = [use for use in found if use not in depthwise]
    assert (first.label, first.count) == ("224x224x3 to 32, 3x3, stride 2", 1)
    assert len({use.label for use in found}) == len(found)
