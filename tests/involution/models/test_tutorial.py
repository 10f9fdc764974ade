import numpy as np
import pytest

from involution import Involution2D
from involution.models import tutorial_cnn, tutorial_cnn_involution, tutorial_inn, tutorial_inn_wide

MODELS = [tutorial_cnn, tutorial_inn, tutorial_cnn_involution, tutorial_inn_wide]


def test_published_parameter_counts():
    assert tutorial_cnn().count_params() == 319_178
    assert tutorial_inn().count_params() == 13_080


def test_published_parameters_of_an_involution():
    involutions = [layer for layer in tutorial_inn().layers if isinstance(layer, Involution2D)]
    assert len(involutions) == 3
    for layer in involutions:
        trainable = sum(np.prod(weight.shape) for weight in layer.trainable_weights)
        assert (layer.count_params(), trainable) == (26, 24)


@pytest.mark.parametrize("model", MODELS)
def test_ten_logits_per_image_unless_told_otherwise(model):
    assert model().output_shape == (None, 10)
    assert model(classes=100).output_shape == (None, 100)


@pytest.mark.parametrize("model", MODELS)
def test_all_arguments_are_keyword_only(model):
    with pytest.raises(TypeError, match="positional"):
        model(10)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("classes", [0, -1, 2.5, "10", None])
def test_bad_classes_are_refused(model, classes):
    with pytest.raises(ValueError, match=f"`classes` must be a positive integer.*{classes!r}"):
        model(classes=classes)


@pytest.mark.parametrize("model", MODELS[1:])
def test_unknown_implementations_are_refused(model):
    with pytest.raises(ValueError, match="Received: implementation='fast'"):
        model(implementation="fast")


def bottleneck(channels, reduced, taps, groups, bias):
    """Numbers of an involution, the moving averages of batch normalisation included."""
    first = channels * reduced + bias * reduced
    return first + 4 * reduced + (reduced + 1) * taps * groups


def head(channels):
    """Parameters of the two dense layers on 8 x 8 positions."""
    return (64 * channels + 1) * 64 + 65 * 10


def test_parameters_by_formula():
    widening = (3 + 1) * 32 + (32 + 1) * 64
    spatial = bottleneck(32, 8, 9, 2, bias=0) + 2 * bottleneck(64, 16, 9, 4, bias=0)
    assert tutorial_cnn_involution().count_params() == widening + spatial + head(64)
    wide = (3 + 1) * 75 + 3 * bottleneck(75, 37, 9, 1, bias=1) + head(75)
    assert tutorial_inn_wide().count_params() == wide
