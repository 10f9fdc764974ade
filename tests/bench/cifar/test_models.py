"""The models: found by name, and what each pair has in common."""

from functools import cache
from pathlib import Path

import keras
import pytest

from bench.cifar.models import MODELS, candidate
from bench.cifar.options import DEFAULT_MODELS
from bench.cifar.progress import begin
from involution import Involution2D
from involution.costs.models import count

ROOT = Path(__file__).parents[3]

NAMES = [*MODELS, "resnet14w16", "rednet14w16", "rednet18"]


@cache
def built(name):
    """Build a model for CIFAR-10, once for all tests: none changes it."""
    return candidate(name).build(10)


@pytest.mark.parametrize("name", NAMES)
def test_each_model_is_what_it_says(name):
    found = candidate(name)
    network = found.build(100)
    assert network.output_shape == (None, 100)
    has_involution = any(isinstance(layer, Involution2D) for layer in network.layers)
    assert has_involution == (found.operator == "involution")
    if found.baseline:
        assert candidate(found.baseline).operator == "convolution"


def test_the_defaults_are_the_tutorials_pair():
    assert [built(name).count_params() for name in DEFAULT_MODELS] == [
        319_178,
        13_080,
    ]


@pytest.mark.parametrize(("name", "count"), [("tutorial_cnn", 319_178), ("tutorial_inn", 13_074)])
def test_parameters_of_a_run_are_trainable_ones(name, count):
    # Each of the three involutions has a batch normalisation of one channel: two moving values.
    found = candidate(name)
    assert begin(found, 0, built(name)).parameters == count


def test_the_wide_network_has_the_parameters_of_the_cnn():
    wide, cnn = (built(name).count_params() for name in ("tutorial_inn_wide", DEFAULT_MODELS[0]))
    assert abs(wide / cnn - 1) < 0.005


def widths(network):
    """Channels after each layer over space."""
    spatial = (keras.layers.Conv2D, Involution2D)
    return [layer.output.shape[-1] for layer in network.layers if isinstance(layer, spatial)]


def test_equal_widths():
    assert widths(built("tutorial_cnn")) == [32, 64, 64]
    assert widths(built("tutorial_cnn_involution")) == [32, 32, 64, 64, 64]


@pytest.mark.parametrize(("name", "count"), [("14w16", 4), ("18", 8)])
def test_the_residual_pair_differs_in_the_operator_alone(name, count):
    red, res = built(f"rednet{name}"), built(f"resnet{name}")
    assert candidate(f"rednet{name}").baseline == f"resnet{name}"
    kinds = [
        [(type(layer).__name__, layer.output.shape) for layer in network.layers]
        for network in (red, res)
    ]
    # A convolution pads in a layer of its own; involution pads itself.
    plain = [[kind for kind in one if kind[0] != "ZeroPadding2D"] for one in kinds]
    differing = [pair for pair in zip(*plain, strict=True) if pair[0] != pair[1]]
    assert [(a[0], b[0]) for a, b in differing] == [("Involution2D", "Conv2D")] * count
    assert all(a[1] == b[1] for a, b in differing)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("vgg", "expected one of tutorial_cnn, .* Received: vgg"),
        ("resnet15", "Received: depth=15"),
        ("rednet14w17", "Received: width=17"),
    ],
)
def test_unknown_models(name, reason):
    with pytest.raises(ValueError, match=reason):
        candidate(name)


@pytest.mark.parametrize("name", ["resnet18", "rednet18"])
def test_the_documented_sizes(name):
    costs = count(built(name))
    row = f"| `{name}` | {costs.parameters:,} | {costs.macs:,} |"
    assert row in (ROOT / "docs" / "study.md").read_text(encoding="utf-8")
