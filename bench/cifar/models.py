"""The models that compete on CIFAR, and the convolutional model that each is compared with."""

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
from involution.models.rednet import BLOCKS
from reports.cifar.record import OperatorName


@dataclass(frozen=True)
class Candidate:
    """A model to train.

    Attributes:
        name: as given on the command line and in results.
        operator: "convolution" or "involution".
        build: makes the model for a number of classes.
        baseline: the convolutional model that it is compared with, if it is not one itself.
        comparison: what the two have in common.
    """

    name: str
    operator: OperatorName
    build: Callable[[int], keras.Model]
    baseline: str | None = None
    comparison: str = ""


MODELS: dict[str, Candidate] = {
    each.name: each
    for each in (
        Candidate("tutorial_cnn", "convolution", lambda classes: tutorial_cnn(classes=classes)),
        Candidate(
            "tutorial_inn",
            "involution",
            lambda classes: tutorial_inn(classes=classes),
            "tutorial_cnn",
            "the tutorial's pair, 24 times fewer parameters",
        ),
        Candidate(
            "tutorial_cnn_involution",
            "involution",
            lambda classes: tutorial_cnn_involution(classes=classes),
            "tutorial_cnn",
            "equal widths",
        ),
        Candidate(
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


def candidate(name: str) -> Candidate:
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
            f"D, or resnetDwW or rednetDwW with a depth and a width. Received: {name}"
        )
    network, depth = found["network"], int(found["depth"])
    width = int((found["width"] or "w64")[1:])
    # The network itself knows which depths and widths there are; a shallow one is built faster.
    _residual(network, min(BLOCKS) if depth in BLOCKS else depth, width, classes=10)
    build = partial(_residual, network, depth, width)
    if network == "resnet":
        return Candidate(name, "convolution", build)
    return Candidate(
        name, "involution", build, f"resnet{name[6:]}", "the same network with another operator"
    )


def _residual(network: str, depth: int, width: int, classes: int) -> keras.Model:
    return NETWORKS[network](
        depth, input_shape=(32, 32, 3), classes=classes, stem="cifar", width=width
    )
