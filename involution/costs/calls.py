"""The calls of layers in a model, in their order, with the shapes of one pass through it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras

# Sizes of a tensor, integers, or None where unknown. The first is the batch.
Shape: TypeAlias = Sequence[Any]


@dataclass(frozen=True)
class LayerCall:
    """One call of a layer.

    Attributes:
        path: the layer's name, after the names of the models that it is in: "base/conv1".
        layer: a layer, or a plain operation such as the sum of two tensors.
        inputs: shape of the first input.
        outputs: shape of the first output.
    """

    path: str
    layer: Any
    inputs: Shape
    outputs: Shape


def calls(model: keras.Model) -> list[LayerCall]:
    """Return the calls of layers in a model and in the models inside it.

    The shapes are those of this pass: an inner model may be made for images of any size, and a
    layer that is shared may be called with several sizes.

    Args:
        model: a functional model, or a sequential one with an input.

    Returns:
        The calls, in the order of the pass. A layer that is called twice is there twice. Layers
        inside other layers are not followed, nor are models with a `call` of their own: each is
        one call.

    Raises:
        ValueError: if it is another model.

    Example:
        >>> inner = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(2, 3, name="c")])
        >>> outer = keras.Sequential([keras.Input((4, 4, 3)), inner, keras.layers.Flatten()])
        >>> [(call.path.split("/")[-1], call.outputs) for call in calls(outer)][0]
        ('c', (None, 2, 2, 2))
    """
    if not is_followed(model):
        raise ValueError(
            "`model` must be a functional model, or a sequential one with an input: the layers of "
            f"other models cannot be followed. Received: model={model!r}"
        )
    found: list[LayerCall] = []
    inputs = [keras.KerasTensor(tensor.shape, tensor.dtype) for tensor in model.inputs]
    _follow(model, inputs, "", found)
    return found


def is_followed(layer: Any) -> bool:
    """Return whether a layer is a model whose graph of layers is known.

    Args:
        layer: anything that a model calls.
    """
    if isinstance(layer, keras.Sequential):
        return hasattr(layer, "inputs")
    return isinstance(layer, keras.Model) and hasattr(layer, "operations")


def _follow(model: keras.Model, inputs: Any, prefix: str, found: list[LayerCall]) -> Any:
    """Append the calls of a pass with symbolic inputs, and return its symbolic outputs."""

    def followed(operation: Any) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            path = f"{prefix}{operation.name}"
            if is_followed(operation):
                return _follow(operation, args or kwargs["inputs"], f"{path}/", found)
            outputs = operation.compute_output_spec(*args, **kwargs)
            shapes = [_shape((args, kwargs)), _shape(outputs)]
            found.append(LayerCall(path, operation, *shapes))
            return outputs

        return call

    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs, name=model.name)  # the same layers
    # Keras has no public way to run through a graph.
    return model._run_through_graph(inputs, operation_fn=followed)  # noqa: SLF001


def _shape(tensors: Any) -> Shape:
    """Return the shape of the first symbolic tensor in a nested structure."""
    flat = keras.tree.flatten(tensors)
    shapes: list[Shape] = [each.shape for each in flat if isinstance(each, keras.KerasTensor)]
    return shapes[0] if shapes else ()
