"""What XLA cannot know or must not compute again.

XLA joins a loop to the loops that read its results. Compiled with the operations before it, a loop
that reads each number for many taps would compute what leads to that number as many times. And what
it knows before a function runs it computes while it compiles, and keeps.
"""

import tensorflow as tf


def compiled_with_others() -> bool:
    """Return whether what is called now is compiled by XLA together with what is around it."""
    if tf.executing_eagerly():
        return False
    try:  # TensorFlow tells it by no public name.
        from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext
    except ImportError:  # Then time is lost, but nothing else.
        return False
    return GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())


def unknown_zero(tensor, dtype=tf.int32):
    """Return a zero that XLA cannot know before the function runs.

    Args:
        tensor: of numbers that are not known either, of any shape.
        dtype: of the zero.
    """
    first = tf.reduce_sum(tf.cast(tf.reshape(tensor, (-1,))[:1], tf.float32))
    return tf.cast(first > first + 1, dtype)


def computed_once(tensor):
    """Return a tensor that XLA writes to memory before anything reads it.

    XLA joins no division to a loop that reads its results several times. So each number is divided
    by one, and by a one that cannot be known before the function runs.

    Args:
        tensor: of floats, of any shape.

    Returns:
        The same numbers.
    """
    return tensor / tf.maximum(unknown_zero(tensor, tensor.dtype), 1)
