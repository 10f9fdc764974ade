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


def is_first() -> bool:
    """Tell whether this process is the one of several that writes results."""
    task = json.loads(os.environ.get("TF_CONFIG") or "{}").get("task", {})
    return task.get("type", "worker") in ("worker", "chief") and int(task.get("index", 0)) == 0


def prepare(network: keras.Model, strategy: tf.distribute.Strategy) -> None:
    """Make a compiled model fit for training on several machines; any other stays as it is.

    Args:
        network: a compiled model.
        strategy: where it was made.
    """
    if not isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy):
        return

    def steps(step: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
        @tf.function
        def run(iterator):
            metrics = strategy.run(step, args=(next(iterator),))
            return {k: strategy.experimental_local_results(v)[0] for k, v in metrics.items()}

        return run

    def build(iterator: Any = None, data_batch: Any = None) -> None:
        """Create the variables of metrics and optimizer, which must not happen in a step."""
        batch = tf.nest.map_structure(
            lambda spec: tf.zeros((1, *spec.shape[1:]), spec.dtype),
            (tf.TensorSpec((None, *network.input_shape[1:])), tf.TensorSpec((None,), tf.int64)),
        )
        with strategy.scope():
            network._symbolic_build(data_batch=batch)

    def make_train_function(force: bool = False) -> None:
        network.train_function = steps(network.train_step)

    def make_test_function(force: bool = False) -> None:
        network.test_function = steps(network.test_step)

    network._maybe_symbolic_build = build
    network.make_train_function = make_train_function
    network.make_test_function = make_test_function


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
    def mean():
        own = strategy.run(lambda: tf.constant(float(epochs)))
        return strategy.reduce(tf.distribute.ReduceOp.MEAN, own, axis=None)

    if (found := float(mean())) != epochs:
        raise ValueError(
            f"the workers disagree on how many epochs are done: {epochs} here, {found:g} on "
            "average. All machines must see the same folder of results"
        )
