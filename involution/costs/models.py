"""Operations of a whole model, counted layer by layer as the RedNet paper counts them.

The published FLOPs are those of Li et al., CVPR 2021, table 1. The one rule found that gives
them at all five depths counts one for each MAC of a convolution, of a dense layer and of
involution's sum, one an element for a convolution's bias and for ReLU, and two an element for
batch normalization. What it calls a FLOP is therefore a MAC, or a single operation beside one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod

import keras
from keras import layers

from involution.layers import Involution2D
from involution.layers.pointwise import PointwiseConv2D


@dataclass(frozen=True)
class ModelCosts:
    """Costs of one image through a model.

    Attributes:
        parameters: trainable numbers.
        operations: MACs, and the single operations that the published rule counts.
        uncounted: kinds of layers that have no rule; their operations are not in the sum.
    """

    parameters: int
    operations: int
    uncounted: tuple[str, ...]


def count(model: keras.Model) -> ModelCosts:
    """Count the operations of one image through a model.

    Args:
        model: a functional or sequential model whose input has a known size.

    Returns:
        The costs.

    Raises:
        ValueError: if the size of the input is unknown.

    Example:
        >>> from involution.models import tutorial_cnn
        >>> count(tutorial_cnn()).parameters
        319178
    """
    if None in model.input_shape[1:]:
        raise ValueError(
            "The input of the model must have a known size. "
            f"Received: model.input_shape={model.input_shape}"
        )
    operations, uncounted = 0, set()
    for layer, shape in chain.from_iterable(map(_parts, model.layers)):
        rule = RULES.get(type(layer))
        if rule:
            operations += rule(layer, shape)
        elif not isinstance(layer, FREE):
            uncounted.add(type(layer).__name__)
    parameters = sum(prod(weight.shape) for weight in model.trainable_weights)
    return ModelCosts(parameters, operations, tuple(sorted(uncounted)))


def _parts(layer: layers.Layer) -> Iterator[tuple[layers.Layer, Sequence[int]]]:
    """Yield a layer, after it those of its kernel generator, each with its outputs' shape."""
    shape = layer.output.shape
    yield layer, shape
    if isinstance(layer, Involution2D):
        if layer.data_format == "channels_first":
            shape = (shape[0], *shape[2:], shape[1])
        generator, outputs = layer.kernel_generator, keras.KerasTensor(shape)
        for part in generator.layers if isinstance(generator, keras.Sequential) else [generator]:
            outputs = part.compute_output_spec(outputs)
            yield part, outputs.shape


def _convolution(layer: layers.Conv2D, shape: Sequence[int]) -> int:
    positions = prod(shape[1:3])
    return positions * (prod(layer.kernel.shape) + (layer.filters if layer.use_bias else 0))


def _dense(layer: layers.Dense, shape: Sequence[int]) -> int:
    return prod(shape[1:-1]) * prod(layer.kernel.shape)


def _batch_normalization(layer: layers.BatchNormalization, shape: Sequence[int]) -> int:
    return 2 * prod(shape[1:])


def _activation(layer: layers.Layer, shape: Sequence[int]) -> int:
    return prod(shape[1:])


def _involution(layer: Involution2D, shape: Sequence[int]) -> int:
    return prod(shape[1:]) * prod(layer.kernel_size)


RULES: dict[type[layers.Layer], Callable[..., int]] = {
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
