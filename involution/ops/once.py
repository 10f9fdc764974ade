"""What XLA cannot know or must not compute again.

XLA joins a loop to the loops that read its results. Compiled with the operations around it, a
loop that reads each number for many taps would compute what leads to that number as many times, and
each loop that reads its results would compute all taps anew. And what it knows before a function
runs it computes while it compiles, and keeps.
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


def computed_once(tensor, unknown=None):
    """Return a tensor that XLA writes to memory before anything reads it.

    What a loop of the program carries is in memory. This one never runs, which XLA cannot know,
    and would change the tensor if it did, or XLA would carry the tensor past it.

    Args:
        tensor: of any shape.
        unknown: a tensor that is not known before the function runs and whose first number is
            cheap to have. Default: `tensor`.

    Returns:
        The same numbers.
    """
    end = unknown_zero(tensor if unknown is None else unknown)

    @tf.custom_gradient
    def hold(tensor):
        _, held = tf.while_loop(
            lambda count, _: count < end,
            lambda count, held: (count + 1, held + held),
            (tf.constant(0), tensor),
        )
        return held, lambda upstream: upstream

    return hold(tensor)
