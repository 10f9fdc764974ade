"""Whether a model with involution in it runs, before it is measured."""

import re
from typing import Any

import keras
import numpy as np

from bench.own.copying import copied
from bench.own.outputs import with_one_output
from bench.trial.errors import TrialError

# More than one, as normalisation over a batch needs.
IMAGES = 2
# How Keras marks the reason of an error for a terminal.
BOLD = re.compile(r"\x1b\[\d*m")


def check(original: keras.Model, new: keras.Model) -> None:
    """Run a model forward and for one training step, on random images.

    Args:
        original: the model as it is.
        new: the model with involution in the place of layers; it stays as it is.

    Raises:
        TrialError: if it does not run, its outputs have other shapes than those of the original,
            or an output, the loss or a weight is not finite.
    """
    shape = (IMAGES, *original.inputs[0].shape[1:])
    images = np.random.default_rng(0).random(shape, dtype=np.float32)
    try:
        expected, received = (_outputs(model, images) for model in (original, new))
        # A copy: the step changes weights.
        loss, weights = _step(copied(new, lambda _: None), images)
    except Exception as error:  # layers of the user's own can raise anything
        raise TrialError(f"the model with involution does not run: {_reason(error)}") from error
    shapes, wanted = ([output.shape for output in each] for each in (received, expected))
    if shapes != wanted:
        raise TrialError(f"expected outputs of the shapes {wanted}. Received: {shapes}")
    for what, values in (("outputs", received), ("a loss", [loss]), ("weights", weights)):
        if not all(np.isfinite(value).all() for value in values):
            raise TrialError(
                f"the model with involution has {what} that are not finite, on random images"
            )


def _reason(error: Exception) -> str:
    """Return the first words of an error: with Keras one line for the layer, one for the fault."""
    lines = [line.strip() for line in BOLD.sub("", str(error)).splitlines() if line.strip()]
    return " ".join(lines[:2]) or type(error).__name__


def _outputs(model: keras.Model, images: np.ndarray) -> list[np.ndarray]:
    return [_array(output) for output in keras.tree.flatten(model(_inputs(model, images)))]


def _step(model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Train on the images, and return the loss and the weights after it."""
    single = with_one_output(model)
    inputs = _inputs(single, images)
    target = np.zeros(single(inputs).shape, np.float32)
    # Eagerly: to trace and compile one step would take longer than the step.
    single.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    loss = single.train_on_batch(inputs, target)
    return np.asarray(loss), [_array(weight) for weight in single.trainable_weights]


def _inputs(model: keras.Model, images: np.ndarray) -> Any:
    if isinstance(model, keras.Sequential):
        return images
    # The input may be alone in a list or a dictionary.
    return keras.tree.map_structure(lambda _: images, model.input)


def _array(value: Any) -> np.ndarray:
    # Other operations of NumPy do not know bfloat16.
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(value, "float32")))
