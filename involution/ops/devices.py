"""The devices that TensorFlow runs on."""

import tensorflow as tf


def has_accelerator() -> bool:
    """Return whether TensorFlow has another device than CPUs to use in this process."""
    return any(device.device_type != "CPU" for device in tf.config.list_logical_devices())


def has_gpu() -> bool:
    """Return whether TensorFlow has a GPU to use in this process."""
    return bool(tf.config.list_logical_devices("GPU"))
