"""Operations of a whole model, counted call by call.

Two counts are kept. `macs` are the multiply-accumulates of convolutions, dense layers and
involution's sum. `published_operations` follow the rule of the RedNet paper (Li et al., CVPR 2021,
table 1), which calls them FLOPs. The one rule found that gives the published figures at all five
depths adds to the MACs one operation per element for a convolution's bias and for ReLU, and two per
element for batch normalisation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import NamedTuple, TypeAlias

import keras
from keras import layers

from involution.costs.calls import LayerCall, Shape, calls
from involution.costs.free import is_free
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
    """Operations of one call of a layer for one image.

    Attributes:
        macs: multiply-accumulates.
        single: single operations, which the published rule counts in addition to the MACs.
    """

    macs: int = 0
    single: int = 0


def count(model: keras.Model) -> ModelCosts:
    """Count the operations of one image through a model.

    Args:
        model: a functional or sequential model whose inputs have a known size. Models inside it are
            counted, too. A layer that is called twice is counted twice.

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
    made = calls(model)
    shapes = [inputs.shape for inputs in model.inputs]
    if any(None in shape[1:] for shape in shapes):
        raise ValueError(
            f"The input of the model must have a known size. Received: shapes of inputs={shapes}"
        )
    unknown = [call.path for call in made if None in (*call.inputs[1:], *call.outputs[1:])]
    if unknown:
        raise ValueError(f"All sizes in the model must be known. Received: unknown at {unknown[0]}")
    counts, uncounted = [OperationCount()], set()
    for call in chain.from_iterable(map(_parts, made)):
        rule = RULES.get(type(call.layer))
        if rule:
            counts.append(rule(call))
        elif not is_free(call.layer):
            uncounted.add(type(call.layer).__name__)
    macs, single = map(sum, zip(*counts, strict=True))
    return ModelCosts(
        parameters=sum(prod(weight.shape) for weight in model.trainable_weights),
        macs=macs,
        published_operations=macs + single,
        uncounted=tuple(sorted(uncounted)),
    )


def _parts(call: LayerCall) -> Iterator[LayerCall]:
    """Yield the call of a layer, then those of its kernel generator."""
    yield call
    layer, shape = call.layer, call.outputs
    if isinstance(layer, Involution2D):
        if layer.data_format == "channels_first":
            shape = (shape[0], *shape[2:], shape[1])
        generator, outputs = layer.kernel_generator, keras.KerasTensor(shape)
        for part in generator.layers if isinstance(generator, keras.Sequential) else [generator]:
            inputs, outputs = outputs, part.compute_output_spec(outputs)
            yield LayerCall(f"{call.path}/{part.name}", part, inputs.shape, outputs.shape)


def _size(shape: Shape) -> int:
    """Return the numbers of one image."""
    return prod(shape[1:])


def _biases(call: LayerCall) -> int:
    return _size(call.outputs) if call.layer.use_bias else 0


def _convolution(call: LayerCall) -> OperationCount:
    positions = _size(call.outputs) // call.layer.filters  # in either data format
    return OperationCount(positions * prod(call.layer.kernel.shape), _biases(call))


def _depthwise_convolution(call: LayerCall) -> OperationCount:
    return OperationCount(_size(call.outputs) * prod(call.layer.kernel_size), _biases(call))


def _separable_convolution(call: LayerCall) -> OperationCount:
    kernels = call.layer.depthwise_kernel, call.layer.pointwise_kernel
    weights = sum(prod(kernel.shape) for kernel in kernels)
    return OperationCount(_size(call.outputs) // call.layer.filters * weights, _biases(call))


def _transposed_convolution(call: LayerCall) -> OperationCount:
    """Each pixel of the input is multiplied by all weights of its channels."""
    *_, channels = call.layer.kernel.shape
    positions = _size(call.inputs) // channels
    return OperationCount(positions * prod(call.layer.kernel.shape), _biases(call))


def _dense(call: LayerCall) -> OperationCount:
    # The published rule leaves out the bias of a dense layer.
    return OperationCount(prod(call.outputs[1:-1]) * prod(call.layer.kernel.shape))


def _batch_normalization(call: LayerCall) -> OperationCount:
    return OperationCount(single=2 * _size(call.outputs))


def _relu(call: LayerCall) -> OperationCount:
    return OperationCount(single=_size(call.outputs))


def _activation(call: LayerCall) -> OperationCount:
    is_relu = call.layer.activation is keras.activations.relu
    return _relu(call) if is_relu else OperationCount()


def _involution(call: LayerCall) -> OperationCount:
    return OperationCount(_size(call.outputs) * prod(call.layer.kernel_size))


Rule: TypeAlias = Callable[[LayerCall], OperationCount]

RULES: dict[type[layers.Layer], Rule] = {
    layers.Conv1D: _convolution,
    layers.Conv2D: _convolution,
    layers.Conv3D: _convolution,
    PointwiseConv2D: _convolution,
    layers.DepthwiseConv1D: _depthwise_convolution,
    layers.DepthwiseConv2D: _depthwise_convolution,
    layers.SeparableConv1D: _separable_convolution,
    layers.SeparableConv2D: _separable_convolution,
    layers.Conv1DTranspose: _transposed_convolution,
    layers.Conv2DTranspose: _transposed_convolution,
    layers.Conv3DTranspose: _transposed_convolution,
    layers.Dense: _dense,
    layers.BatchNormalization: _batch_normalization,
    layers.ReLU: _relu,
    layers.Activation: _activation,
    Involution2D: _involution,
}
