"""The models that compete on CIFAR, and which convolutional one each stands against."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import keras

from involution.models import (
    rednet,
    resnet,
    tutorial_cnn,
    tutorial_cnn_involution,
    tutorial_inn,
    tutorial_inn_wide,
)

DEFAULTS = ("tutorial_cnn", "tutorial_inn")


@dataclass(frozen=True)
class Model:
    """A model to train.

    Attributes:
        name: as given on the command line and in results.
        operator: "convolution" or "involution".
        build: makes the model for a number of classes.
        baseline: the convolutional model that it is compared with, if it is not one itself.
        comparison: what the two have in common.
    """

    name: str
    operator: str
    build: Callable[[int], keras.Model]
    baseline: str | None = None
    comparison: str = ""


MODELS = {
    model.name: model
    for model in (
        Model("tutorial_cnn", "convolution", lambda classes: tutorial_cnn(classes=classes)),
        Model(
            "tutorial_inn",
            "involution",
            lambda classes: tutorial_inn(classes=classes),
            "tutorial_cnn",
            "the tutorial's pair, 24 times fewer parameters",
        ),
        Model(
            "tutorial_cnn_involution",
            "involution",
            lambda classes: tutorial_cnn_involution(classes=classes),
            "tutorial_cnn",
            "equal widths",
        ),
        Model(
            "tutorial_inn_wide",
            "involution",
            lambda classes: tutorial_inn_wide(classes=classes),
            "tutorial_cnn",
            "equal number of parameters",
        ),
    )
}

# resnet26, rednet14w16: depth, and the width of the first stage where it is not 64.
RESIDUAL = re.compile(r"(?P<network>resnet|rednet)(?P<depth>\d+)(?P<width>w\d+)?")
NETWORKS: dict[str, Callable[..., keras.Model]] = {"resnet": resnet, "rednet": rednet}


def model(name: str) -> Model:
    """Find a model by its name.

    Args:
        name: one of `MODELS`, or resnetD, rednetD, resnetDwW, rednetDwW for depth D and width W.

    Raises:
        ValueError: if there is no such model.
    """
    if name in MODELS:
        return MODELS[name]
    found = RESIDUAL.fullmatch(name)
    if not found:
        raise ValueError(
            f"no such model: expected one of {', '.join(MODELS)}, resnetD or rednetD with a depth "
            f"D, or resnetDwW or rednetDwW with a width W, too. Received: {name}"
        )
    network, depth = found["network"], int(found["depth"])
    width = int((found["width"] or "w64")[1:])
    build = partial(_residual, network, depth, width)
    build(10)  # the network itself knows which depths and widths there are
    if network == "resnet":
        return Model(name, "convolution", build)
    return Model(name, "involution", build, f"resnet{name[6:]}", "equal network, operator apart")


def _residual(network: str, depth: int, width: int, classes: int) -> keras.Model:
    return NETWORKS[network](depth, (32, 32, 3), classes, stem="cifar", width=width)
