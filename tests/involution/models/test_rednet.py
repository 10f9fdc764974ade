import re

import keras
import numpy as np
import pytest
from keras.layers import Add

from involution import Involution2D
from involution.models import rednet, resnet, tutorial_inn


def trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


def test_the_released_code_has_a_smaller_stem():
    assert trainable(rednet(26)) - trainable(rednet(26, stem_kernel_size=3)) == 720


def test_every_spatial_layer_of_the_body_is_an_involution():
    involutions = [layer for layer in rednet(26).layers if isinstance(layer, Involution2D)]
    assert len(involutions) == 1 + sum((1, 2, 4, 1))
    assert {layer.kernel_size for layer in involutions} == {(7, 7)}
    assert [layer.strides[0] for layer in involutions].count(2) == 3
    assert {layer.groups * 16 for layer in involutions} == {32, 64, 128, 256, 512}


@pytest.mark.parametrize("model", [rednet, resnet])
def test_any_input_size_and_number_of_classes(model):
    network = model(26, input_shape=(None, None, 3), classes=5)
    for height, width in ((33, 40), (64, 32)):
        logits = network(np.zeros((1, height, width, 3), "float32"))
        assert logits.shape == (1, 5)


@pytest.mark.parametrize("model", [rednet, resnet])
def test_all_but_the_depth_is_keyword_only(model):
    with pytest.raises(TypeError, match="positional"):
        model(14, (32, 32, 3))


@pytest.fixture
def no_work(monkeypatch):
    """No layer may be made."""
    monkeypatch.setattr(keras.layers.Layer, "__init__", lambda *_, **__: pytest.fail("too late"))


BAD_ARGUMENTS = {
    "depth": [34, "50", 50.0, True, [50]],
    "stem": ["mnist", None],
    "width": [24, 0, -16, "64", 64.0],
    "classes": [0, -1, 10.0, "10", None],
    "input_shape": [
        (32, 32),
        (32, 32, 3, 1),
        (32, 32, None),
        (0, 32, 3),
        32,
        None,
        "123",
        (3.0, 3, 3),
    ],
}
OF_REDNET = {
    "implementation": ["fast", None],
    "stem_kernel_size": [4, 0, (3, 3), "7"],
}


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (model, name, value)
        for model, arguments in ((rednet, BAD_ARGUMENTS | OF_REDNET), (resnet, BAD_ARGUMENTS))
        for name, values in arguments.items()
        for value in values
    ],
)
def test_bad_arguments_are_refused_before_any_work(model, name, value, no_work):
    arguments = {"depth": 14, name: value}
    with pytest.raises(ValueError, match=re.escape(f"Received: {name}={value!r}")):
        model(arguments.pop("depth"), **arguments)


def test_integers_of_numpy_are_taken():
    sizes = np.array([32, 32, 3])
    model = resnet(14, input_shape=sizes, classes=sizes[2], stem="cifar", width=np.int64(16))
    assert (model.input_shape, model.output_shape) == ((None, 32, 32, 3), (None, 3))


def test_resnet_for_cifar_by_formula():
    """Bottlenecks of width 16, 32, 64, 128, each behind batch normalization."""
    found = resnet(14, input_shape=(32, 32, 3), classes=10, stem="cifar", width=16)
    expected, before = 3 * 9 * 16 + 2 * 16, 16
    for width in (16, 32, 64, 128):
        wide = 4 * width
        expected += before * width + 9 * width**2 + width * wide + before * wide
        expected += 2 * (width + width + wide + wide)
        before = wide
    assert trainable(found) == expected + 512 * 10 + 10


def basic_blocks(spatial, width=64):
    """Parameters of two basic blocks a stage; `spatial` is those of the second layer of a block."""
    expected, before = 0, width
    for filters in (width, 2 * width, 4 * width, 8 * width):
        for inputs in (before, filters):
            expected += 9 * inputs * filters + 2 * filters + spatial(filters) + 2 * filters
        if before != filters:
            expected += before * filters + 2 * filters
        before = filters
    return expected


def paper_involution(channels):
    """Reduction ratio 4, kernel size 7, 16 channels a group, a bias in the second convolution."""
    reduced, kernels = channels // 4, 49 * channels // 16
    return channels * reduced + 2 * reduced + reduced * kernels + kernels


def test_resnet18_has_the_published_parameters_by_formula():
    # 11,689,512 is the count that torchvision publishes.
    body = basic_blocks(lambda channels: 9 * channels**2)
    assert 49 * 3 * 64 + 2 * 64 + body + 512 * 1000 + 1000 == 11_689_512
    assert trainable(resnet(18)) == 11_689_512
    small = 9 * 3 * 64 + 2 * 64 + body + 512 * 10 + 10
    assert trainable(resnet(18, input_shape=(32, 32, 3), classes=10, stem="cifar")) == small


@pytest.mark.parametrize("width", [16, 64])
def test_rednet18_for_cifar_by_formula(width):
    found = rednet(18, input_shape=(32, 32, 3), classes=10, stem="cifar", width=width)
    stem, head = 9 * 3 * width + 2 * width, 8 * width * 10 + 10
    assert trainable(found) == stem + basic_blocks(paper_involution, width) + head
    involutions = [layer for layer in found.layers if isinstance(layer, Involution2D)]
    assert len(involutions) == 8
    assert {layer.strides for layer in involutions} == {(1, 1)}


@pytest.mark.parametrize("model", [rednet, resnet])
@pytest.mark.parametrize(("depth", "blocks"), [(14, 1), (18, 2)])
def test_the_stem_for_cifar_keeps_every_pixel(model, depth, blocks):
    network = model(depth, input_shape=(32, 32, 3), classes=10, stem="cifar", width=16)
    sides = [layer.output.shape[1] for layer in network.layers if isinstance(layer, Add)]
    assert sides == [side for side in (32, 16, 8, 4) for _ in range(blocks)]


@pytest.mark.parametrize(
    "build", [lambda: resnet(26, input_shape=(64, 64, 3), classes=10), tutorial_inn]
)
def test_channels_are_last_whatever_keras_is_set_to(build):
    expected = build()
    keras.config.set_image_data_format("channels_first")
    try:
        model = build()
        assert keras.config.image_data_format() == "channels_first"
    finally:
        keras.config.set_image_data_format("channels_last")
    assert [layer.output.shape for layer in model.layers] == [
        layer.output.shape for layer in expected.layers
    ]
