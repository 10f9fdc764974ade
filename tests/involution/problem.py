"""Random tensors of a small problem."""

import numpy as np
import tensorflow as tf


def problem(batch=2, size=6, channels=4, kernel_size=3, groups=2, dtype="float32"):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(batch, size, size, channels))
    kernels = random.normal(size=(batch, size, size, kernel_size, kernel_size, groups))
    return tf.cast(inputs, dtype), tf.cast(kernels, dtype)
