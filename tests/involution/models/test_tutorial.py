import numpy as np
import pytest

from involution import Involution2D
from involution.models import tutorial_cnn, tutorial_inn


def test_published_parameter_counts():
    assert tutorial_cnn().count_params() == 319_178
    assert tutorial_inn().count_params() == 13_080


def test_published_parameters_of_an_involution():
    involutions = [layer for layer in tutorial_inn().layers if isinstance(layer, Involution2D)]
    assert len(involutions) == 3
    for layer in involutions:
        trainable = sum(np.prod(weight.shape) for weight in layer.trainable_weights)
        assert (layer.count_params(), trainable) == (26, 24)


@pytest.mark.parametrize("model", [tutorial_cnn, tutorial_inn])
def test_ten_logits_an_image(model):
    assert model().output_shape == (None, 10)
