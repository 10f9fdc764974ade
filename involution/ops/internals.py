"""Private interfaces of TensorFlow, each behind one function that falls back with a warning."""

import warnings

import tensorflow as tf

try:
    from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext
except ImportError:
    GraphOrParentsInXlaContext = None


def compiled_with_others() -> bool:
    """Return whether XLA will compile what is traced now together with the operations around it.

    TensorFlow says so by a private function alone. Without it the answer is False: results stay
    right, but XLA may compute some of them many times.
    """
    if tf.executing_eagerly():
        return False
    if GraphOrParentsInXlaContext is None:
        warnings.warn(
            "This version of TensorFlow does not say whether a graph is compiled by XLA: expected "
            "tensorflow.python.ops.control_flow_util.GraphOrParentsInXlaContext. Functions with "
            f"jit_compile=True may be slow. Received: tensorflow {tf.__version__}",
            RuntimeWarning,
            stacklevel=2,
        )
        return False
    return bool(GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph()))
