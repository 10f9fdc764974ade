"""The machine and the software that a run was made with."""

import os
from typing import Any

import keras
import psutil
import tensorflow as tf


def describe() -> dict[str, Any]:
    """Return what identifies this machine beside pytest-benchmark's own entries.

    Returns:
        Counts, bytes and versions by name, all plain values.
    """
    accelerators = [
        tf.config.experimental.get_device_details(device).get("device_name", device.name)
        for device in tf.config.list_physical_devices()
        if device.device_type != "CPU"
    ]
    return {
        "cores": psutil.cpu_count(logical=False) or os.cpu_count(),
        "logical_cores": os.cpu_count(),
        # Zero means that TensorFlow takes one thread a core.
        "threads": {
            "intra_op": tf.config.threading.get_intra_op_parallelism_threads(),
            "inter_op": tf.config.threading.get_inter_op_parallelism_threads(),
        },
        "memory_bytes": psutil.virtual_memory().total,
        "accelerators": accelerators,
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0",
    }
