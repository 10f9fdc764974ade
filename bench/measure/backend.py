"""What depends on the backend of Keras, here TensorFlow; traces of its profiler are in `traces.py`.

The rest of `measure` does not import TensorFlow. Another backend needs the same names: tensors,
compilation, synchronisation, the count of traces, the FLOP counter.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from bench.references.rounding import Roundoff
from reports.sources.case import Dtype, Executor

Function = Callable[..., Any]

EXECUTORS: dict[Executor, Callable[[Function], Function]] = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": lambda function: tf.function(function, jit_compile=True),
}
ACCELERATED = bool(tf.config.list_physical_devices("GPU"))
DEVICE = "GPU:0" if ACCELERATED else "CPU:0"
ROUNDOFFS: dict[Dtype, Roundoff] = {
    "float64": Roundoff(stored=2**-53, summed=2**-53),
    "float32": Roundoff(stored=2**-24, summed=2**-24),
    # On a CPU some sums are rounded to 16 bits again and again, but not at each term: the errors
    # are those of about 64 times fewer roundings, and sqrt(64) times as small. In bfloat16 only
    # oneDNN sums in float32, and only where the processor has AVX-512.
    "float16": Roundoff(stored=2**-11, summed=2**-14),
    "bfloat16": Roundoff(stored=2**-8, summed=2**-11),
}
OUT_OF_MEMORY = (MemoryError, tf.errors.ResourceExhaustedError)


# Tensors


def normal(shape: tuple[int, ...], dtype: Dtype, seed: int) -> tf.Tensor:
    """Return standard normal numbers, the same at each call.

    Args:
        shape: of the tensor.
        dtype: of the tensor.
        seed: other seeds give other numbers.
    """
    return tf.cast(tf.random.stateless_normal(shape, seed=(seed, 1)), dtype)


def array(tensor: tf.Tensor) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a tensor as a float64 array.

    Args:
        tensor: of any shape and numeric dtype.
    """
    values: np.ndarray[Any, np.dtype[np.float64]] = tf.cast(tensor, tf.float64).numpy()
    return values


def tensor(values: np.ndarray[Any, np.dtype[np.float64]], dtype: Dtype) -> tf.Tensor:
    """Return a float64 array as a tensor, rounded to a data type.

    Args:
        values: of any shape.
        dtype: of the tensor.
    """
    return tf.cast(tf.constant(values), dtype)


def roundoff(dtype: Dtype) -> Roundoff:
    """Return the unit roundoff with which the device computes in a data type.

    Args:
        dtype: of inputs and weights.
    """
    reduced = tf.config.experimental.tensor_float_32_execution_enabled()
    if ACCELERATED and dtype == "float32" and reduced:
        # The factors of products are rounded to the 11 bits of TensorFloat-32.
        return Roundoff(stored=2**-11, summed=2**-24)
    return ROUNDOFFS[dtype]


def size_bytes(tensors: Sequence[tf.Tensor | keras.Variable]) -> int:
    """Return the bytes of all elements of tensors and weights.

    Args:
        tensors: of any shape and dtype.
    """
    plain = map(tf.convert_to_tensor, tensors)
    return sum(tensor.dtype.size * tensor.shape.num_elements() for tensor in plain)


# Running


def synchronise() -> None:
    """Wait until the device has finished."""
    if ACCELERATED:
        tf.test.experimental.sync_devices()


def writer(size: int) -> Function:
    """Return a function that writes over memory, by all cores or by the GPU.

    Args:
        size: of the memory, in bytes.
    """
    memory = tf.Variable(tf.zeros(-(-size // 4)))

    @tf.function
    def write() -> None:
        memory.assign_add(tf.ones_like(memory))

    def finish() -> None:
        write()
        synchronise()

    finish()
    return finish


def training_step(layer: keras.layers.Layer, *, differentiates_inputs: bool) -> Function:
    """Return a function that runs a layer forward and backward.

    Args:
        layer: the layer.
        differentiates_inputs: whether to compute the gradient of the inputs as well.

    Returns:
        Takes inputs and the gradient of the outputs; returns the outputs and a list of gradients,
        that of the inputs first, then those of the trainable weights.
    """

    def step(inputs: tf.Tensor, output_gradients: tf.Tensor) -> tuple[tf.Tensor, list[tf.Tensor]]:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        sources = [variable.value for variable in layer.trainable_variables]
        if differentiates_inputs:
            sources.insert(0, inputs)
        # A model of mixed precision may return another type than it takes.
        return outputs, tape.gradient(outputs, sources, tf.cast(output_gradients, outputs.dtype))

    return step


def trace_count(function: Function) -> int:
    """Return how often a function has been traced; 0 for one that is run eagerly.

    Args:
        function: a function that one of `EXECUTORS` returned.
    """
    counter: Callable[[], int] | None = getattr(function, "experimental_get_tracing_count", None)
    return counter() if counter else 0


# FLOPs


def count_flops(function: Function, arguments: Sequence[tf.Tensor]) -> int | None:
    """Return the FLOPs that TensorFlow's profiler counts in the graph of a function.

    The counter knows convolutions, products and sums of plain graphs. It counts what it does not
    know as zero, such as batch normalisation.

    Args:
        function: what to count.
        arguments: what it is called with.

    Returns:
        The FLOPs, zero where the counter sees nothing; None where XLA compiles a part of the graph,
        into which the counter does not look.
    """
    traced: Any = function if hasattr(function, "get_concrete_function") else tf.function(function)
    graph = traced.get_concrete_function(*arguments).graph
    if any(part.attr["_XlaMustCompile"].b for part in graph.as_graph_def().library.function):
        return None
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation())
    counted = profiler.profile(graph, options=options.with_empty_output().build())
    return int(counted.total_float_ops)
