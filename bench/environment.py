"""Settings of Keras and TensorFlow that a user may have changed: fixed while anything is measured.

Keras reads them from `keras.json` and from the environment. A case and a record name their data
type, which therefore decides, not these settings.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import tensorflow as tf

from reports.sources.case import Dtype

# By name: how a setting is read, how it is set, and its value.
_SETTINGS: dict[str, tuple[Callable[[], Any], Callable[[Any], None], Any]] = {
    "epsilon": (keras.config.epsilon, keras.config.set_epsilon, 1e-7),
    "image_data_format": (
        keras.config.image_data_format,
        keras.config.set_image_data_format,
        "channels_last",
    ),
    "run_functions_eagerly": (
        tf.config.functions_run_eagerly,
        tf.config.run_functions_eagerly,
        False,
    ),
}
# They end a training early, for short trials. Older versions of Keras do not have them.
for _name in ("max_epochs", "max_steps_per_epoch"):
    if hasattr(keras.config, _name):
        _SETTINGS[_name] = (
            getattr(keras.config, _name),
            getattr(keras.config, f"set_{_name}"),
            None,
        )


@contextmanager
def fixed(dtype: Dtype = "float32") -> Iterator[None]:
    """Run a block, or decorate a function, with the settings of a fresh installation.

    Args:
        dtype: data type of layers, weights and inputs that name none. Default "float32".

    Example:
        >>> with fixed("float16"):
        ...     keras.layers.Dense(1).compute_dtype
        'float16'
    """
    of_dtype = {
        # First: a policy that nobody has set is made from floatx when it is read.
        "dtype_policy": (keras.config.dtype_policy, keras.config.set_dtype_policy, dtype),
        "floatx": (keras.config.floatx, keras.config.set_floatx, dtype),
    }
    with ExitStack() as restored:
        for get, put, value in [*_SETTINGS.values(), *of_dtype.values()]:
            restored.callback(put, get())
            put(value)
        yield


def settings() -> dict[str, Any]:
    """Return the settings with which everything is measured, as plain values by name."""
    with fixed():
        return {
            **{name: get() for name, (get, _, _) in _SETTINGS.items()},
            "floatx": keras.config.floatx(),
            "dtype_policy": keras.config.dtype_policy().name,
            "jit": tf.config.optimizer.get_jit(),
            "tensor_float_32": tf.config.experimental.tensor_float_32_execution_enabled(),
            "graph_optimizations": tf.config.optimizer.get_experimental_options(),
        }
