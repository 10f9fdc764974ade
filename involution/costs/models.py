"""Operations of a whole model, counted layer by layer.

Two counts are kept. `macs` are the multiply-accumulates of convolutions, dense layers and
involution's sum. `published_operations` follow the rule of the RedNet paper (Li et al., CVPR 2021,
table 1), which calls them FLOPs. The one rule found that gives the published figures at all five
depths adds to the MACs one operation per element for a convolution's bias and for ReLU, and two per
element for batch normalisation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import Any, NamedTuple, TypeAlias

import keras
from keras import layers

from involution.layers import Involution2D
from involution.layers.pointwise import PointwiseConv2D


@dataclass(frozen=True)
class ModelCosts:
    """Costs of one image through a model.

    Attributes:
        parameters: trainable numbers.
        macs: multiply-accumulates of convolutions, dense layers and involution's sum.
        published_operations: MACs and the single operations that the published rule counts.
        uncounted: kinds of layers that have no rule; their operations are in neither count.
    """

    parameters: int
    macs: int
    published_operations: int
    uncounted: tuple[str, ...]


class OperationCount(NamedTuple):
    """Operations of one layer for one image.

    Attributes:
        macs: multiply-accumulates.
        single: single operations, which the published rule counts in addition to the MACs.
    """

    macs: int = 0
    single: int = 0


def count(model: keras.Model) -> ModelCosts:
    """Count the operations of one image through a model.

    Args:
        model: a functional or sequential model whose inputs have a known size and whose layers are
            called once each.

    Returns:
        The costs.

    Raises:
        ValueError: if it is another model, or the size of an input is unknown.

    Example:
        >>> from involution.models import tutorial_cnn
        >>> costs = count(tutorial_cnn())
        >>> costs.parameters, costs.macs
        (319178, 8225408)
    """
    _check_countable(model)
    counts, uncounted = [OperationCount()], set()
    for layer, shape in chain.from_iterable(map(_parts, model.layers)):
        rule = RULES.get(type(layer))
        if rule:
            counts.append(rule(layer, shape))
        elif not isinstance(layer, FREE):
            uncounted.add(type(layer).__name__)
    macs, single = map(sum, zip(*counts, strict=True))
    return ModelCosts(
        parameters=sum(prod(weight.shape) for weight in model.trainable_weights),
        macs=macs,
        published_operations=macs + single,
        uncounted=tuple(sorted(uncounted)),
    )


def _check_countable(model: keras.Model) -> None:
    try:
        shapes = [inputs.shape for inputs in model.inputs]
    except (AttributeError, TypeError, ValueError):
        raise ValueError(
            "`model` must be a functional model, or a sequential one with an input: the layers of "
            f"other models cannot be followed. Received: model={model!r}"
        ) from None
    if any(None in shape[1:] for shape in shapes):
        raise ValueError(
            f"The input of the model must have a known size. Received: shapes of inputs={shapes}"
        )
    for layer in model.layers:
        # Keras has no public count of the calls of a layer.
        if len(getattr(layer, "_inbound_nodes", ())) > 1:
            raise ValueError(
                f"Each layer of the model must be called once. Received: layer={layer.name!r}, "
                "which is called more often"
            )


def _parts(layer: layers.Layer) -> Iterator[tuple[layers.Layer, Sequence[int]]]:
    """Yield (layer, shape of its outputs) for a layer, then for those of its kernel generator."""
    shape = layer.output.shape
    yield layer, shape
    if isinstance(layer, Involution2D):
        if layer.data_format == "channels_first":
            shape = (shape[0], *shape[2:], shape[1])
        generator, outputs = layer.kernel_generator, keras.KerasTensor(shape)
        for part in generator.layers if isinstance(generator, keras.Sequential) else [generator]:
            outputs = part.compute_output_spec(outputs)
            yield part, outputs.shape


def _convolution(layer: layers.Conv2D, shape: Sequence[int]) -> OperationCount:
    biases = prod(shape[1:]) if layer.use_bias else 0
    positions = prod(shape[1:]) // layer.filters  # in either data format
    return OperationCount(positions * prod(layer.kernel.shape), biases)


def _dense(layer: layers.Dense, shape: Sequence[int]) -> OperationCount:
    # The published rule leaves out the bias of a dense layer.
    return OperationCount(prod(shape[1:-1]) * prod(layer.kernel.shape))


def _batch_normalization(_: layers.BatchNormalization, shape: Sequence[int]) -> OperationCount:
    return OperationCount(single=2 * prod(shape[1:]))


def _activation(_: layers.Layer, shape: Sequence[int]) -> OperationCount:
    return OperationCount(single=prod(shape[1:]))


def _involution(layer: Involution2D, shape: Sequence[int]) -> OperationCount:
    return OperationCount(prod(shape[1:]) * prod(layer.kernel_size))


Rule: TypeAlias = Callable[[Any, Sequence[int]], OperationCount]

RULES: dict[type[layers.Layer], Rule] = {
    layers.Conv2D: _convolution,
    PointwiseConv2D: _convolution,
    layers.Dense: _dense,
    layers.BatchNormalization: _batch_normalization,
    layers.ReLU: _activation,
    Involution2D: _involution,
}
# What the published rule leaves out.
FREE = (
    layers.Add,
    layers.Flatten,
    layers.GlobalAveragePooling2D,
    layers.InputLayer,
    layers.MaxPooling2D,
    layers.ZeroPadding2D,
)
