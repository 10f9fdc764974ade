"""Train one model from one seed, from wherever it stopped, on as many devices as there are."""

import gc
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bench.cifar import progress
from bench.cifar.batches import Batches
from bench.cifar.data import Dataset
from bench.cifar.models import Candidate
from bench.cifar.settings import Settings
from bench.cifar.store import Store
from bench.environment import fixed
from involution.models import kernel_maps
from reports.cifar.record import TrainingRun

# Test images whose kernels are kept.
SHOWN = 10
# Metrics by name, as Keras gives them to callbacks.
Logs = dict[str, float] | None


def choose_strategy(devices: Sequence[str] = ()) -> tf.distribute.Strategy:
    """Choose where to train.

    Args:
        devices: names such as "GPU:0"; all GPUs by default.

    Returns:
        A strategy for several devices of this machine if there are several or they are named, or
        the default of TensorFlow.
    """
    chosen = list(devices) or [gpu.name for gpu in tf.config.list_logical_devices("GPU")]
    if devices or len(chosen) > 1:
        return tf.distribute.MirroredStrategy(chosen)
    return tf.distribute.get_strategy()


@fixed()
def train(
    candidate: Candidate,
    seed: int,
    *,
    data: Dataset,
    settings: Settings,
    store: Store,
    strategy: tf.distribute.Strategy,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int | str = "auto",
    notes: Sequence[str] = (),
) -> TrainingRun:
    """Train one model from one seed, or resume its training where it stopped.

    Args:
        candidate: what to train.
        seed: sets weights, order and augmentation.
        data: the images.
        settings: what all runs have in common.
        store: where the run is kept; a finished or diverged run there is not trained again.
        strategy: where to train.
        callbacks: further callbacks of Keras. Default: none.
        verbose: as in `keras.Model.fit`. Default "auto".
        notes: what a reader of the run should know. Default: none.

    Returns:
        What is known of the run.

    Raises:
        ValueError: if what the store holds is damaged.
    """
    run = store.read()
    if run and is_done(run, settings):
        return run
    # One run after another in one process: nothing of the last one may remain.
    keras.backend.clear_session()
    gc.collect()
    keras.utils.set_random_seed(seed)
    with strategy.scope():
        network = store.load(run) if run else None
        if network is None:
            network = _compiled(candidate.build(len(data.classes)), settings)
    run = progress.changed(run or progress.begin(candidate, seed, network), state="stopped")
    run = progress.noted(run, notes)
    if run.epochs < settings.epochs:
        keeper = _Keeper(_timed_input(run, data, settings, strategy), store)
        _fit(network, keeper, data, settings, strategy, callbacks=callbacks, verbose=verbose)
        run = keeper.run
    if run.state == "diverged":
        return run
    return store.finish(run, _kernel_maps(store, run, data))


def is_done(run: TrainingRun, settings: Settings) -> bool:
    """Say whether nothing of a run is left to train.

    Args:
        run: what is known of it.
        settings: how it is trained.
    """
    if run.state == "diverged":
        return True
    return run.state == "finished" and run.epochs >= settings.epochs


def _compiled(network: keras.Model, settings: Settings) -> keras.Model:
    network.compile(
        optimizer=keras.optimizers.Adam(settings.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return network


def _training_batches(seed: int, data: Dataset, settings: Settings) -> Batches:
    return Batches(data.train_images, data.train_labels, settings.batch, seed, settings.augment)


def _timed_input(
    run: TrainingRun, data: Dataset, settings: Settings, strategy: tf.distribute.Strategy
) -> TrainingRun:
    """Time the input, and note that the next epoch compiles."""
    seconds = run.input_seconds
    if seconds is None:
        seconds = _input_seconds(_training_batches(run.seed, data, settings), strategy)
    compiled = [*run.compiled_epochs, run.epochs]
    return progress.changed(run, input_seconds=seconds, compiled_epochs=compiled)


class _Keeper(keras.callbacks.Callback):
    """Times each epoch, keeps it on disk, and stops a run that diverged.

    Attributes:
        run: what is known of the run so far.
    """

    def __init__(self, run: TrainingRun, store: Store) -> None:
        super().__init__()
        self.run = run
        self._store = store
        self._began = 0.0
        self._seconds: float | None = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002 - Keras's
        """Start the clock."""
        self._began, self._seconds = time.perf_counter(), None

    def on_test_begin(self, logs: Logs = None) -> None:  # noqa: ARG002 - as Keras calls it
        """Stop the clock: what follows is validation."""
        self._seconds = time.perf_counter() - self._began

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002 - Keras's
        """Keep the epoch."""
        seconds = self._seconds or time.perf_counter() - self._began
        self.run = progress.after_epoch(self.run, seconds, logs or {})
        if self.run.state == "diverged":
            self.model.stop_training = True
            self._store.write(self.run)
        else:
            self._store.save(self.model, self.run)


def _fit(
    network: keras.Model,
    keeper: _Keeper,
    data: Dataset,
    settings: Settings,
    strategy: tf.distribute.Strategy,
    *,
    callbacks: Sequence[keras.callbacks.Callback],
    verbose: int | str,
) -> None:
    done = keeper.run.epochs
    batches = _training_batches(keeper.run.seed, data, settings)
    tested = Batches(data.test_images, data.test_labels, settings.batch)
    network.fit(
        batches.on(strategy, done, settings.epochs),
        steps_per_epoch=batches.steps,
        initial_epoch=done,
        epochs=settings.epochs,
        validation_data=tested.on(strategy, done, settings.epochs),
        validation_steps=tested.steps,
        shuffle=False,  # the batches come in the order of seed and epoch
        callbacks=[*callbacks, keeper],
        verbose=verbose,
    )


def _input_seconds(batches: Batches, strategy: tf.distribute.Strategy) -> float | None:
    """Time the batches of one epoch while nothing else runs: what input costs at most.

    The clock starts at the second batch, for the first waits for tracing.
    """
    if batches.steps == 1:
        return None
    made = iter(batches.on(strategy, 0, 1))
    next(made)
    began = time.perf_counter()
    for _ in made:
        pass
    return (time.perf_counter() - began) * batches.steps / (batches.steps - 1)


def _kernel_maps(store: Store, run: TrainingRun, data: Dataset) -> dict[str, NDArray[np.float32]]:
    """Load the model without a strategy: one device makes the maps, alone."""
    network = store.load(run)
    assert network is not None, "a run that is done has a model"
    return kernel_maps(network, data.test_images[:SHOWN].astype(np.float32) / 255.0)


def tensorboard(folder: Path) -> keras.callbacks.Callback:
    """Return a callback that writes the curves of one run for TensorBoard.

    Args:
        folder: of these curves.
    """
    return keras.callbacks.TensorBoard(folder, write_graph=False)
