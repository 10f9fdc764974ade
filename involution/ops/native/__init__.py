"""Involution by kernels in C++, on a CPU.

The kernels are in `cpp/`, and `docs/native.md` in the repository says how they work. Called with
the last convolution of a generator in place of kernels, they generate the kernels of a tile of
windows at a time, in the cache; these are never stored, and the backward pass generates them again.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from involution.ops.devices import has_gpu
from involution.ops.native.call import ELEMENTS, call, sizes_of
from involution.ops.native.library import reason_against
from involution.ops.native.stablehlo import Attributes, Shape
from involution.ops.trilinear import Sums, derivative
from involution.ops.types import Generator, Problem, Tensor, Windows


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


def involve_generated(inputs: Tensor, generator: Generator, windows: Windows) -> Tensor:
    """Compute involution from kernels that are generated where they are used.

    Args:
        inputs: (batch, height, width, channels).
        generator: the last convolution of the generator and its inputs.
        windows: geometry.

    Returns:
        (batch, out_height, out_width, channels).
    """

    @tf.custom_gradient
    def outputs_of(
        *tensors: Tensor,
    ) -> tuple[Tensor, Callable[[Tensor], list[Tensor]]]:
        shape = (*sizes_of(tensors[1], 1)[:3], int(tensors[0].shape[3]))
        none = tf.zeros((0,), inputs.dtype)
        stopped = [tf.stop_gradient(tensor) for tensor in tensors]
        outputs = call(
            "involution_generated_outputs",
            [*stopped, none, none],
            [shape],
            (("windows", _attributes(windows)), ("activation", 0)),
        )[0]

        def gradients(upstream: Tensor) -> list[Tensor]:
            with tf.name_scope("gradient_tape/core"):
                upstream = tf.ensure_shape(upstream, outputs.shape)
                return _generated_gradients(windows, *tensors, upstream)

        return outputs, gradients

    return outputs_of(inputs, *generator)


def _generated_gradients(windows: Windows, *tensors: Tensor) -> list[Tensor]:
    """Return the gradients of inputs, features, weights and bias.

    Args:
        windows: geometry.
        *tensors: these four, and the upstream gradient.
    """

    @tf.custom_gradient
    def gradients_of(*tensors: Tensor) -> tuple[list[Tensor], Callable[..., list[Tensor]]]:
        stopped = [tf.stop_gradient(tensor) for tensor in tensors]
        results = call(
            "involution_generated_gradients",
            stopped,
            [sizes_of(tensor, number) for number, tensor in enumerate(tensors[:4])],
            (("windows", _attributes(windows)),),
        )

        def second(*upstream: Tensor) -> list[Tensor]:
            # Rare enough that kernels may be stored.
            with tf.GradientTape() as tape:
                tape.watch(tensors)
                first = _stored_gradients(windows, *tensors)
            gradients: list[Tensor] = tape.gradient(
                first, tensors, upstream, unconnected_gradients="zero"
            )
            return gradients

        return results, second

    return list(gradients_of(*tensors))


def _stored_gradients(windows: Windows, *tensors: Tensor) -> list[Tensor]:
    """Return the same as `_generated_gradients` from kernels that are stored."""
    inputs, features, weights, bias, upstream = tensors
    generator = Generator(features, weights, bias)
    kernels = generator.kernels(windows)
    sums = _sums(windows, inputs)
    by_inputs = derivative(sums, "inputs", kernels=kernels, outputs=upstream)
    by_kernels = derivative(sums, "kernels", inputs=inputs, outputs=upstream)
    flat = tf.reshape(by_kernels, (-1, weights.shape[1]))
    pixels = tf.reshape(features, (-1, weights.shape[0]))
    return [
        by_inputs,
        tf.reshape(tf.matmul(flat, weights, transpose_b=True), tf.shape(features)),
        tf.matmul(pixels, flat, transpose_a=True),
        tf.reduce_sum(flat, axis=0),
    ]


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
    return reason_against()


def is_advisable(_: Problem | None = None) -> bool:
    """Return whether there is no GPU: tensors there would have to be copied."""
    return not has_gpu()


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
    none = tf.zeros((0,), like.dtype)

    def outputs(inputs: Tensor, kernels: Tensor) -> Tensor:
        shape: Shape = (*sizes_of(kernels, 1)[:3], channels)
        tensors = [inputs, kernels, none, none]
        return call("involution_outputs", tensors, [shape], (*attributes, ("activation", 0)))[0]

    def inputs(kernels: Tensor, outputs: Tensor) -> Tensor:
        return call(
            "involution_inputs",
            [kernels, outputs],
            [sizes_of(like, 2)],
            attributes,
            shape_givers=[like],
        )[0]

    def kernels(inputs: Tensor, outputs: Tensor) -> Tensor:
        shape: Shape = (*sizes_of(outputs, 1)[:3], *windows.kernel_size, windows.groups)
        return call("involution_kernels", [inputs, outputs], [shape], attributes)[0]

    return {"outputs": outputs, "inputs": inputs, "kernels": kernels}
