"""Involution by kernels in C++, on a CPU.

The kernels are in `cpp/`, and `docs/native.md` in the repository says how they work. Called with
the last convolution of a generator in place of kernels, they generate the kernels of a tile of
windows at a time, in the cache; these are never stored, and the backward pass generates them again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from involution.ops.custom import of_shape, with_gradient
from involution.ops.devices import has_accelerator
from involution.ops.native.call import ELEMENTS, call, sizes_of
from involution.ops.native.library import reason_against
from involution.ops.native.stablehlo import Attributes, Shape
from involution.ops.portable import is_portable
from involution.ops.trilinear import Sums, derivative
from involution.ops.types import Epilogue, Generator, Problem, Tensor, Windows


def involve(problem: Problem) -> Tensor:
    """Compute involution from given kernels.

    Args:
        problem: inputs, kernels and geometry.

    Returns:
        (batch, out_height, out_width, channels).
    """
    return derivative(
        _sums(problem.windows, problem.inputs),
        "outputs",
        inputs=problem.inputs,
        kernels=problem.kernels,
    )


def involve_generated(
    inputs: Tensor, generator: Generator, windows: Windows, epilogue: Epilogue | None = None
) -> Tensor:
    """Compute involution from kernels that are generated where they are used.

    Args:
        inputs: (batch, height, width, channels).
        generator: the last convolution of the generator and its inputs.
        windows: geometry.
        epilogue: constants, in the dtype of the inputs. Default None.

    Returns:
        (batch, out_height, out_width, channels).
    """

    @with_gradient
    def outputs_of(
        *tensors: Tensor,
    ) -> tuple[Tensor, Callable[[Tensor], list[Tensor]]]:
        shape = (*sizes_of(tensors[1], 1)[:3], int(tensors[0].shape[3]))
        none = tf.zeros((0,), inputs.dtype)
        constants = [none, none] if epilogue is None else [epilogue.scale, epilogue.shift]
        rectified = epilogue is not None and epilogue.rectified
        outputs = call(
            "involution_generated_outputs",
            [tf.stop_gradient(tensor) for tensor in (*tensors, *constants)],
            [shape],
            (("windows", _attributes(windows)), ("activation", int(rectified))),
        )[0]

        def gradients(upstream: Tensor) -> list[Tensor]:
            with tf.name_scope("gradient_tape/core"):
                upstream = of_shape(upstream, outputs.shape)
                if rectified:
                    upstream = tf.where(outputs > 0, upstream, tf.zeros_like(upstream))
                if epilogue is not None:
                    upstream *= epilogue.scale
                return _generated_gradients(windows, *tensors, upstream)

        return outputs, gradients

    return outputs_of(inputs, *generator)


def _generated_gradients(windows: Windows, *tensors: Tensor) -> list[Tensor]:
    """Return the gradients of inputs, features, weights and bias.

    Args:
        windows: geometry.
        *tensors: these four, and the upstream gradient.
    """

    @with_gradient
    def gradients_of(*tensors: Tensor) -> tuple[list[Tensor], Callable[..., list[Tensor]]]:
        stopped = [tf.stop_gradient(tensor) for tensor in tensors]
        results = call(
            "involution_generated_gradients",
            stopped,
            [sizes_of(tensor, number) for number, tensor in enumerate(tensors[:4])],
            (("windows", _attributes(windows)),),
        )

        def second(*directions: Tensor) -> list[Tensor]:
            with tf.name_scope("gradient_tape/core"):
                return _second_gradients(windows, tensors, directions)

        return results, second

    return list(gradients_of(*tensors))


def _second_gradients(
    windows: Windows, tensors: Sequence[Tensor], directions: Sequence[Tensor]
) -> list[Tensor]:
    """Return the gradients of what `_generated_gradients` returns, from kernels that are stored.

    These are rare enough. The gradients' product with the directions is the derivative of the
    trilinear form where inputs and kernels move along them. It is the sum of two forms: one of the
    inputs' direction and the kernels, and one of the inputs and the kernels' direction.

    Args:
        windows: geometry.
        tensors: inputs, features, weights, bias and the upstream gradient of the outputs.
        directions: upstream gradients of the gradients of inputs, features, weights and bias.
    """
    inputs, features, weights, bias, outputs = tensors
    to_inputs, to_features, to_weights, to_bias = directions
    sums = _sums(windows, inputs)
    kernels = Generator(features, weights, bias).kernels(windows)
    to_kernels = Generator(to_features, weights, to_bias).kernels(windows)
    to_kernels += Generator(features, to_weights, tf.zeros_like(bias)).kernels(windows)
    by_kernels = _pixels(derivative(sums, "kernels", inputs=to_inputs, outputs=outputs), weights, 1)
    by_moved = _pixels(derivative(sums, "kernels", inputs=inputs, outputs=outputs), weights, 1)
    by_features = tf.matmul(by_kernels, weights, transpose_b=True)
    by_features += tf.matmul(by_moved, to_weights, transpose_b=True)
    return [
        derivative(sums, "inputs", kernels=to_kernels, outputs=outputs),
        tf.reshape(by_features, tf.shape(features)),
        tf.matmul(_pixels(features, weights, 0), by_kernels, transpose_a=True)
        + tf.matmul(_pixels(to_features, weights, 0), by_moved, transpose_a=True),
        tf.reduce_sum(by_kernels, axis=0),
        derivative(sums, "outputs", inputs=to_inputs, kernels=kernels)
        + derivative(sums, "outputs", inputs=inputs, kernels=to_kernels),
    ]


def _pixels(tensor: Tensor, weights: Tensor, axis: int) -> Tensor:
    """Return the tensor with one row per window, as long as the weights along an axis."""
    return tf.reshape(tensor, (-1, weights.shape[axis]))


def obstacle(problem: Problem) -> str | None:
    """Return why the problem cannot be computed here, or None if it can.

    Args:
        problem: as for `involve`.

    Returns:
        The reason, a sentence without a full stop.
    """
    return obstacle_to(problem.inputs.dtype)


def obstacle_to(dtype: Any) -> str | None:
    """Return why tensors of a dtype cannot be computed with here, or None if they can."""
    if tf.as_dtype(dtype) not in ELEMENTS:
        return f"The native kernels compute with {', '.join(d.name for d in ELEMENTS)}"
    if is_portable():
        return "The native kernels are unknown to converters, for which this is traced"
    if has_accelerator():
        return "The native kernels compute on a CPU, and TensorFlow has another device to use here"
    return reason_against()


def is_advisable(_: Problem) -> bool:
    """Return True: nothing is slower on a CPU than the others."""
    return True


def _attributes(windows: Windows) -> Attributes:
    padding = windows.padding
    return (
        ("kernel_rows", windows.kernel_size[0]),
        ("kernel_columns", windows.kernel_size[1]),
        ("stride_rows", windows.strides[0]),
        ("stride_columns", windows.strides[1]),
        ("dilation_rows", windows.dilation_rate[0]),
        ("dilation_columns", windows.dilation_rate[1]),
        ("padding", padding if isinstance(padding, int) else {"same": -1, "valid": 0}[padding]),
    )


def _sums(windows: Windows, like: Tensor) -> Sums:
    """Return the three sums; `like` has the shape of the inputs."""
    attributes = (("windows", _attributes(windows)),)
    channels = int(like.shape[3])
    # Only if height or width are unknown is their tensor kept for its shape.
    givers = [tf.stop_gradient(like)] if None in like.shape[1:3] else []
    height_and_width = sizes_of(like, 2)[1:3]

    def outputs(inputs: Tensor, kernels: Tensor) -> Tensor:
        shape: Shape = (*sizes_of(kernels, 1)[:3], channels)
        none = tf.zeros((0,), inputs.dtype)
        tensors = [inputs, kernels, none, none]
        return call("involution_outputs", tensors, [shape], (*attributes, ("activation", 0)))[0]

    def inputs(kernels: Tensor, outputs: Tensor) -> Tensor:
        shape: Shape = (sizes_of(outputs, 1)[0], *height_and_width, channels)
        tensors = [kernels, outputs]
        return call("involution_inputs", tensors, [shape], attributes, shape_givers=givers)[0]

    def kernels(inputs: Tensor, outputs: Tensor) -> Tensor:
        shape: Shape = (*sizes_of(outputs, 1)[:3], *windows.kernel_size, windows.groups)
        return call("involution_kernels", [inputs, outputs], [shape], attributes)[0]

    return {"outputs": outputs, "inputs": inputs, "kernels": kernels}


# A graph that was saved with native kernels runs once this package is imported.
reason_against()
