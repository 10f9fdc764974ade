import numpy as np
import pytest

from involution import Involution2D
from involution.models import rednet, resnet

# Table 1 of the paper; trainable parameters, with the stem's involution of kernel size 7.
REDNET_PARAMETERS = {
    26: 9_233_886,
    38: 12_387_706,
    50: 15_541_526,
    101: 25_653_670,
    152: 33_985_302,
}


def trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize("depth", REDNET_PARAMETERS)
def test_published_parameter_counts_of_rednet(depth):
    assert trainable(rednet(depth)) == REDNET_PARAMETERS[depth]


def test_published_parameter_counts_of_resnet():
    assert trainable(resnet(50)) == 25_557_032


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
def test_unknown_depths_are_refused(model):
    with pytest.raises(ValueError, match="Received: depth=34"):
        model(34)
