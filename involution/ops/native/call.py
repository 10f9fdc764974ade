"""Calls of native kernels from TensorFlow, through a StableHLO module with one custom call.

XLA compiles the module alone where TensorFlow runs a graph or eagerly, and together with the
operations around it in a function with `jit_compile=True`.
"""

from collections.abc import Sequence

import tensorflow as tf

from involution.ops.internals import module_results
from involution.ops.native.stablehlo import Attributes, CustomCall, Shape, SizeOf
from involution.ops.types import Tensor

ELEMENTS = {tf.float32: "f32", tf.float64: "f64", tf.bfloat16: "bf16", tf.float16: "f16"}


def call(
    target: str,
    tensors: Sequence[Tensor],
    results: Sequence[Shape],
    attributes: Attributes,
    *,
    shape_givers: Sequence[Tensor] = (),
) -> list[Tensor]:
    """Call a native kernel.

    Args:
        target: name under which the kernel is registered.
        tensors: its arguments, of one dtype.
        results: shapes of its results.
        attributes: integers that it takes by name.
        shape_givers: further arguments of the module, for the sake of their shapes.

    Returns:
        The results, of the arguments' dtype.
    """
    arguments = [*tensors, *shape_givers]
    dtype = tensors[0].dtype
    custom_call = CustomCall(
        target=target,
        arguments=len(tensors),
        shapes=tuple(tuple(tensor.shape) for tensor in arguments),
        results=tuple(results),
        element=ELEMENTS[dtype],
        attributes=attributes,
    )
    return module_results(
        custom_call.module(),
        arguments,
        shapes=[[size if isinstance(size, int) else None for size in shape] for shape in results],
        dtypes=[dtype] * len(results),
    )


def sizes_of(tensor: Tensor, argument: int) -> Shape:
    """Return the shape of a tensor that is argument number `argument` of a call."""
    return tuple(
        SizeOf(argument, dimension) if size is None else int(size)
        for dimension, size in enumerate(tensor.shape)
    )
