"""Several machines: what Keras's `fit` needs to train under MultiWorkerMirroredStrategy.

Keras 3 averages batches and metrics over replicas with a reduction that this strategy does not
have. Here a step returns the metrics of this machine, for the progress bar; those of the epoch are
read from their variables, which the strategy sums over all machines.
"""

import json
import os
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

# Methods of a model that are called or replaced here; Keras does not document the first two.
REPLACED = (
    *("_symbolic_build", "_maybe_symbolic_build"),
    *("make_train_function", "make_test_function", "train_step", "test_step"),
)


class UnsupportedKerasError(ValueError):
    """A version of Keras that cannot train on several machines here."""


def is_first() -> bool:
    """Return whether this process is the one of several that writes results."""
    task = json.loads(os.environ.get("TF_CONFIG") or "{}").get("task", {})
    return task.get("type", "worker") in ("worker", "chief") and int(task.get("index", 0)) == 0


def prepare(network: keras.Model, strategy: tf.distribute.Strategy) -> None:
    """Prepare a compiled model for training on several machines; do nothing on one machine.

    Args:
        network: a compiled model.
        strategy: where it was made.

    Raises:
        UnsupportedKerasError: if this version of Keras lacks a method that is replaced.
    """
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return

    _check_keras(network)

    def steps(step: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
        def run(iterator: Any) -> dict[str, Any]:
            metrics = strategy.run(step, args=(next(iterator),))
            return {k: strategy.experimental_local_results(v)[0] for k, v in metrics.items()}

        compiled: Callable[[Any], dict[str, Any]] = tf.function(run)
        return compiled

    def build(**_: object) -> None:
        """Create the variables of metrics and optimizer, which must not happen in a step."""
        batch = tf.nest.map_structure(
            lambda spec: tf.zeros((1, *spec.shape[1:]), spec.dtype),
            (tf.TensorSpec((None, *network.input_shape[1:])), tf.TensorSpec((None,), tf.int64)),
        )
        with strategy.scope():
            network._symbolic_build(data_batch=batch)  # noqa: SLF001 - see REPLACED

    def make_train_function(**_: object) -> None:
        network.train_function = steps(network.train_step)

    def make_test_function(**_: object) -> None:
        network.test_function = steps(network.test_step)

    network._maybe_symbolic_build = build  # noqa: SLF001 - see REPLACED
    network.make_train_function = make_train_function
    network.make_test_function = make_test_function


def _check_keras(network: keras.Model) -> None:
    missing = [name for name in REPLACED if not callable(getattr(network, name, None))]
    if missing:
        raise UnsupportedKerasError(
            "training on several machines replaces parts of keras.Model.fit: expected the methods "
            f"{', '.join(REPLACED)} of a model, as in Keras 3.8 to 3.15. "
            f"Received: Keras {keras.__version__}, without {', '.join(missing)}"
        )


def check_agreement(strategy: tf.distribute.Strategy, epochs: int) -> None:
    """Refuse to train where workers begin at different epochs, as they do without shared files.

    Args:
        strategy: where the model is.
        epochs: how many epochs are done, as this worker knows.

    Raises:
        ValueError: if another worker knows another number.
    """
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return

    @tf.function
    def mean() -> tf.Tensor:
        own = strategy.run(lambda: tf.constant(float(epochs)))
        return strategy.reduce(tf.distribute.ReduceOp.MEAN, own, axis=None)

    if (found := float(mean())) != epochs:
        raise ValueError(
            f"the workers disagree on how many epochs are done: {epochs} here, {found:g} on "
            "average. All machines must see the same folder of results"
        )
