"""Batch normalisation folded into the involution before it, for inference."""

from collections import Counter
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers

from involution.layers.folded import FoldedInvolution2D
from involution.layers.involution2d import Involution2D


class Chain(NamedTuple):
    """Layers of which each is the only one to use the outputs of the one before.

    Attributes:
        involution: an involution without an activation.
        normalization: of its channels.
        relu: after it, or None.
    """

    involution: Involution2D
    normalization: layers.BatchNormalization
    relu: layers.ReLU | None


def folded(model: keras.Model) -> keras.Model:
    """Return a copy of a model with batch normalisations folded into the involutions before them.

    In inference, a batch normalisation is a scale and a shift for each channel. Where one follows
    an involution, both are applied as involution writes its outputs, and so is a ReLU that follows.
    The copy is for inference: in training, too, what was folded uses the moving statistics.

    Args:
        model: a functional or sequential model that has been built. Models inside it are copied
            as they are.

    Returns:
        A model with the same inputs, outputs and names of layers, without those that were folded,
        whose predictions are equal but for rounding.

    Raises:
        ValueError: if the model is not made of a graph of layers.

    Example:
        >>> from involution.models import rednet
        >>> model = folded(rednet(14, input_shape=(32, 32, 3), classes=10, stem="cifar"))
        >>> sum(type(layer).__name__ == "FoldedInvolution2D" for layer in model.layers)
        4
    """
    if not isinstance(model, keras.Sequential) and not hasattr(model, "operations"):
        raise ValueError(
            f"`model` must be a functional or sequential model. Received: model={model!r}"
        )
    chains = _chains(model)
    by_involution = {chain.involution.name: chain for chain in chains}
    gone = {each.name for chain in chains for each in chain[1:] if each is not None}

    def copied(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        chain = by_involution.get(layer.name)
        if chain is None:
            return type(layer).from_config(config)
        return FoldedInvolution2D.from_config({**config, "rectified": chain.relu is not None})

    def called(layer: keras.layers.Layer, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return inputs if layer.name in gone else layer(inputs, *args, **kwargs)

    graph = model
    if isinstance(model, keras.Sequential):
        graph = keras.Model(model.inputs[0], model.outputs[0], name=model.name)  # the same layers
    copy: keras.Model = keras.models.clone_model(graph, clone_function=copied, call_function=called)
    for layer in model.layers:
        if layer.weights and layer.name not in gone:
            weights = layer.get_weights()
            if layer.name in by_involution:
                normalization = by_involution[layer.name].normalization
                weights = [*_scale_and_shift(normalization), *weights]
            copy.get_layer(layer.name).set_weights(weights)
    return copy


def _chains(model: keras.Model) -> list[Chain]:
    """Return the involutions that a batch normalisation can be folded into."""
    users: dict[int, list[keras.layers.Layer]] = {}
    uses: Counter[int] = Counter(id(tensor) for tensor in model.outputs)
    for layer in model.layers:
        for node in layer._inbound_nodes:  # noqa: SLF001 - Keras has no public way to ask
            for tensor in node.input_tensors:
                users.setdefault(id(tensor), []).append(layer)
                uses[id(tensor)] += 1

    def only_user(layer: keras.layers.Layer) -> Any:
        # A layer that is called twice has several outputs.
        if len(layer._inbound_nodes) != 1 or uses[id(layer.output)] != 1:  # noqa: SLF001
            return None
        return next(iter(users.get(id(layer.output), [])), None)

    chains = []
    for layer in model.layers:
        if type(layer) is not Involution2D or layer.activation is not keras.activations.linear:
            continue
        normalization = only_user(layer)
        axis = 1 if layer.data_format == "channels_first" else 3
        if (
            type(normalization) is not layers.BatchNormalization
            or len(normalization._inbound_nodes) != 1  # noqa: SLF001
            or normalization.axis % 4 != axis
        ):
            continue
        relu = only_user(normalization)
        chains.append(Chain(layer, normalization, relu if _is_plain(relu) else None))
    return chains


def _is_plain(layer: Any) -> bool:
    """Return whether a layer is ReLU without options, and called once."""
    return (
        type(layer) is layers.ReLU
        and len(layer._inbound_nodes) == 1  # noqa: SLF001
        and (layer.max_value, layer.negative_slope, layer.threshold) == (None, 0, 0)
    )


def _scale_and_shift(normalization: layers.BatchNormalization) -> list[np.ndarray[Any, Any]]:
    """Return what a batch normalisation does in inference, for each channel."""
    mean = np.asarray(normalization.moving_mean, "float64")
    variance = np.asarray(normalization.moving_variance, "float64")
    scale = 1 / np.sqrt(variance + normalization.epsilon)
    if normalization.scale:
        scale = scale * np.asarray(normalization.gamma, "float64")
    shift = -mean * scale
    if normalization.center:
        shift = shift + np.asarray(normalization.beta, "float64")
    return [scale, shift]
