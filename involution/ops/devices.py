"""The devices that TensorFlow runs on."""

import tensorflow as tf


def has_gpu() -> bool:
    """Return whether TensorFlow has a GPU to use in this process."""
    return bool(tf.config.list_logical_devices("GPU"))
