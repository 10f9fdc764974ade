"""The convolutions of a model: which ones are distinct, and where involution can take over."""

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import keras

from bench.own.errors import ModelError
from bench.own.kinds import base_of, is_measured, kind_of, reason_against, substitute
from bench.own.labels import labels
from involution.costs.calls import LayerCall, calls
from involution.costs.models import RULES
from involution.layers.data_format import DataFormat


@dataclass(frozen=True)
class LayerUse:
    """A convolution of a model, with all layers that do the same work.

    Two layers do the same work if they have the same type and geometry, and inputs of the same
    size. Their weights and activations may differ.

    Attributes:
        names: paths of the layers, such as "base/conv1", in the order of their first calls.
        count: calls for one image; more than `names` where a layer is shared.
        kind: "convolution", "depthwise convolution", "separable convolution" or "transposed
            convolution".
        shape: (height, width, channels) of the input, in this order in either data format. Fewer or
            more sizes if the layer has not two dimensions.
        filters: channels of the output.
        kernel_size: taps of a window in each dimension.
        strides: pixels from one window to the next.
        dilation_rate: pixels from one tap to the next.
        padding: "same", "valid" or "causal".
        groups: parts into which channels and filters are divided.
        use_bias: whether a bias is added.
        data_format: "channels_last" or "channels_first".
        dtype: in which the layer computes.
        differentiates_inputs: whether training needs the gradient of its inputs: something before
            it is trained.
        is_measured: whether it is a plain layer of Keras in two dimensions with a window larger
            than 1x1, which alone are measured.
        reason: why involution cannot take its place. None where it can.
        instead: two layers that can, as in RedNet. None where there is no need or no way.
        parameters: weights of one of the layers.
        macs: multiply-accumulates of one call for one image.
        label: a short name, which no other use in the model has.
    """

    names: tuple[str, ...]
    count: int
    kind: str
    shape: tuple[int, ...]
    filters: int
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    dilation_rate: tuple[int, ...]
    padding: str
    groups: int
    use_bias: bool
    data_format: DataFormat
    dtype: str
    differentiates_inputs: bool
    is_measured: bool
    reason: str | None
    instead: str | None
    parameters: int
    macs: int
    label: str = ""

    @property
    def is_spatial(self) -> bool:
        """Whether a window is larger than one pixel."""
        return prod(self.kernel_size) > 1


def uses(model: keras.Model) -> list[LayerUse]:
    """Return the distinct convolutions of a model, those in models inside it included.

    Args:
        model: a functional or sequential model for images of a known size, see `load`.

    Returns:
        One for each distinct convolution, in the order of first calls. Those that are not measured
        (1x1 windows, one or three dimensions, transposed ones, subclasses) are there as well.

    Raises:
        ModelError: if none of them is measured, or the size of an input is not known.

    Example:
        >>> from involution.models import tutorial_cnn
        >>> [(use.label, use.count) for use in uses(tutorial_cnn())]
        [('32x32x3 to 32, 3x3', 1), ('16x16x32 to 64, 3x3', 1), ('8x8x64, 3x3', 1)]
    """
    grouped: dict[tuple[Any, ...], list[LayerCall]] = {}
    is_trained, needs = False, dict[tuple[Any, ...], bool]()
    for call in calls(model):
        if base_of(call.layer):
            if None in (*call.inputs[1:], *call.outputs[1:]):
                raise ModelError(
                    f"The input of each convolution must have a known size. "
                    f"Received: {call.path} with an input of {tuple(call.inputs)}"
                )
            grouped.setdefault(_work(call), []).append(call)
            # Where one of them needs it, they all are measured with it.
            needs[_work(call)] = is_trained
        is_trained = is_trained or bool(getattr(call.layer, "trainable_weights", ()))
    found = [_use(same, differentiates_inputs=needs[work]) for work, same in grouped.items()]
    if not any(use.is_measured for use in found):
        raise ModelError(_nothing(model, found))
    return [replace(use, label=label) for use, label in zip(found, labels(found), strict=True)]


def _nothing(model: keras.Model, found: list[LayerUse]) -> str:
    others = ", ".join(dict.fromkeys(f"{use.names[0]}: {use.reason}" for use in found))
    return (
        "A model must have a convolution that can be measured: Conv2D, DepthwiseConv2D or "
        "SeparableConv2D of Keras, with a window larger than 1x1 and not inside a layer of its "
        f"own. Received: {model.name} with {others or 'no convolution'}"
    )


def _work(call: LayerCall) -> tuple[Any, ...]:
    """Return what is equal for two calls that do the same work."""
    multiplier = getattr(call.layer, "depth_multiplier", 1)
    return type(call.layer), multiplier, *_geometry(call).values()


def _geometry(call: LayerCall) -> dict[str, Any]:
    layer = call.layer
    channels_first = layer.data_format == "channels_first"
    sizes = call.inputs[2:] if channels_first else call.inputs[1:-1]
    channels, filters = (
        shape[1 if channels_first else -1] for shape in (call.inputs, call.outputs)
    )
    is_depthwise = kind_of(layer) == "depthwise convolution"
    return {
        "shape": (*sizes, channels),
        "filters": filters,
        "kernel_size": tuple(layer.kernel_size),
        "strides": _each(layer.strides, len(sizes)),
        "dilation_rate": _each(layer.dilation_rate, len(sizes)),
        "padding": layer.padding,
        "groups": channels if is_depthwise else getattr(layer, "groups", 1),
        "use_bias": layer.use_bias,
        "data_format": layer.data_format,
        "dtype": layer.compute_dtype,
    }


def _each(value: Any, dimensions: int) -> tuple[int, ...]:
    return (value,) * dimensions if isinstance(value, int) else tuple(value)


def _use(same: list[LayerCall], *, differentiates_inputs: bool) -> LayerUse:
    first = same[0]
    layer, geometry = first.layer, _geometry(first)
    channels = geometry["shape"][-1]
    return LayerUse(
        names=tuple(dict.fromkeys(call.path for call in same)),
        count=len(same),
        kind=kind_of(layer),
        **geometry,
        differentiates_inputs=differentiates_inputs,
        is_measured=is_measured(layer),
        reason=reason_against(layer, channels, geometry["filters"]),
        instead=substitute(layer, channels, geometry["filters"]),
        parameters=sum(prod(weight.shape) for weight in layer.weights),
        macs=RULES[base_of(layer)](first).macs,
    )
