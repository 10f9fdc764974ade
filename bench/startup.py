"""How a command of `bench` begins: imported before anything that imports TensorFlow.

TensorFlow and Keras then say on the terminal only what a user must act on.
"""

import logging
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported
# Before NumPy is imported. It computes no more than references, in small products. OpenBLAS's other
# threads would wait for them in a busy loop, beside the threads of TensorFlow that are timed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# On Linux TensorFlow leaves oneDNN out on processors without instructions for neural networks. Its
# convolutions then take up to twice the time, those of several groups have no gradients, and the
# memory of a CPU is not counted.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

# First: it loads TensorFlow without the lines that ignore that level.
from involution.quiet import without_noise  # noqa: I001
import tensorflow as tf


# Each case, each model and each run has functions of its own, which are traced once. And nobody
# but TensorFlow can change that it calls what it has deprecated.
NEEDLESS = ("triggered tf.function retracing", "is deprecated and will be removed")


def _is_wanted(record: logging.LogRecord) -> bool:
    return not any(words in record.getMessage() for words in NEEDLESS)


tf.get_logger().addFilter(_is_wanted)
with without_noise():
    tf.config.list_physical_devices()
