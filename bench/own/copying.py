"""A copy of a model in which some layers are others."""

import warnings
from collections.abc import Callable
from typing import Any

import keras

# From a layer to the one in its place, or to None if the copy keeps it.
Substitute = Callable[[keras.layers.Layer], keras.layers.Layer | None]


def copied(model: keras.Model, substitute: Substitute) -> keras.Model:
    """Return a copy of a model, in which layers that stay have equal weights and names.

    Args:
        model: a functional or sequential model. Models inside it are copied in the same way.
        substitute: returns the new layer for one that does not stay, with the same name.

    Returns:
        The copy. What can be trained in the model can be trained in the copy.
    """
    pairs: list[tuple[keras.layers.Layer, keras.layers.Layer]] = []

    def copy(layer: Any) -> Any:
        # Keras's safe mode makes no second lambda from its configuration. It has no weights.
        if isinstance(layer, keras.layers.Lambda):
            return layer
        new = substitute(layer)
        if new is None:
            new = _again(layer)
            pairs.append((layer, new))
        return new

    result: keras.Model = keras.models.clone_model(model, clone_function=copy, recursive=True)
    for layer, new in pairs:
        if getattr(layer, "weights", None):  # an operation of `keras.ops` has none
            new.set_weights(layer.get_weights())
        if isinstance(layer, keras.layers.Normalization):
            new.finalize_state()  # makes the mean and the variance in use from the weights
    _keep_trainability(model, result)
    return result


def _again(layer: keras.layers.Layer) -> keras.layers.Layer:
    """Make a layer from its configuration, in which Keras cannot write a lambda."""
    activation = getattr(layer, "activation", None)
    if getattr(activation, "__name__", "") != "<lambda>":
        return type(layer).from_config(layer.get_config())
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*includes a `lambda`")
        new = type(layer).from_config({**layer.get_config(), "activation": None})
    new.activation = activation
    return new


def _keep_trainability(model: keras.Model, copy: keras.Model) -> None:
    # Setting it on a model sets it on all layers: from the outside to the inside.
    if copy.trainable != model.trainable:
        copy.trainable = model.trainable
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):  # its name may differ in the copy
            continue
        new = copy.get_layer(layer.name)
        if isinstance(layer, keras.Model) and isinstance(new, keras.Model):
            _keep_trainability(layer, new)
        elif new is not layer and new.trainable != layer.trainable:
            new.trainable = layer.trainable
