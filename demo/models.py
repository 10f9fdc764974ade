"""The trained models that the page compares, and how each classifies a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from demo.timing import medians
from involution.costs.models import count
from involution.models import (
    kernel_maps,
    tutorial_cnn,
    tutorial_cnn_involution,
    tutorial_inn,
)

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class ShownModel:
    """A trained model.

    Attributes:
        title: its name on the page.
        description: what it is, in a few words.
        model: maps images (batch, 32, 32, 3), scaled to 0..1, to logits.
        compiled: the model for one image, compiled by XLA.
        parameters: trainable numbers.
        macs: multiply-accumulates of one image.
    """

    title: str
    description: str
    model: keras.Model
    compiled: Callable[[Any], Any]
    parameters: int
    macs: int


@dataclass(frozen=True)
class Answer:
    """What one model makes of a picture.

    Attributes:
        by: the model.
        probabilities: (classes,), in the order of `CLASSES`.
        maps: (height, width) for each involution layer, in the order of the model.
        seconds: median time of a call.
    """

    by: ShownModel
    probabilities: Floats
    maps: Sequence[Floats]
    seconds: float


def shown_models() -> list[ShownModel]:
    """Load the models that the page compares, with their weights, and compile them."""
    return [
        shown_model(
            "Convolution",
            "the CNN of the Keras tutorial: 32, 64 and 64 channels",
            tutorial_cnn(weights="cifar10"),
        ),
        shown_model(
            "Involution",
            "the tutorial's network: the 3 channels of the image",
            tutorial_inn(weights="cifar10"),
        ),
        shown_model(
            "Involution, equal widths",
            "the CNN's widths, with involution and 1x1 convolutions",
            tutorial_cnn_involution(weights="cifar10"),
        ),
    ]


def shown_model(title: str, description: str, model: keras.Model) -> ShownModel:
    """Compile a model, and count its costs.

    Args:
        title: its name on the page.
        description: what it is, in a few words.
        model: maps images (batch, 32, 32, 3), scaled to 0..1, to logits.
    """
    costs = count(model)
    one_image = tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)
    # Without AutoGraph, which leaves a file in the folder for temporary ones.
    compiled = tf.function(
        partial(model, training=False),
        input_signature=[one_image],
        autograph=False,
        jit_compile=True,
    )
    compiled(tf.zeros(one_image.shape))
    return ShownModel(title, description, model, compiled, costs.parameters, costs.macs)


def answers(models: Sequence[ShownModel], seen: NDArray[np.uint8]) -> list[Answer]:
    """Classify a picture with each model, and time the models in interleaved rounds.

    Args:
        models: of `shown_models`.
        seen: (32, 32, 3).

    Returns:
        One answer for each model.
    """
    image = seen[np.newaxis].astype(np.float32) / 255.0
    calls = [partial(_logits, model, tf.constant(image)) for model in models]
    logits = [call() for call in calls]
    seconds = medians(calls)
    return [
        Answer(
            model,
            np.asarray(keras.ops.softmax(of_model[0])),
            [each[0] for each in kernel_maps(model.model, image).values()],
            spent,
        )
        for model, of_model, spent in zip(models, logits, seconds, strict=True)
    ]


def _logits(model: ShownModel, image: Any) -> Floats:
    logits: Floats = model.compiled(image).numpy()  # waits until the result is there
    return logits
