"""Train one model from one seed, from wherever it stopped, on as many devices as there are."""

import gc
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from bench.cifar import workers
from bench.cifar.batches import Batches
from bench.cifar.data import Dataset
from bench.cifar.kernels import kernel_maps
from bench.cifar.models import Model
from bench.cifar.store import METRICS, Record, Store

# Test images whose kernels are kept.
SHOWN = 10


@dataclass(frozen=True)
class Settings:
    """What every run of a study has in common.

    Attributes:
        epochs: passes over the training images.
        batch: images of a step, over all replicas.
        learning_rate: of Adam.
        augment: whether to flip and shift the training images at random.
    """

    epochs: int = 20
    batch: int = 256
    learning_rate: float = 1e-3
    augment: bool = False


def choose_strategy(devices: Sequence[str] = ()) -> tf.distribute.Strategy:
    """Choose where to train.

    Args:
        devices: names such as "GPU:0"; all GPUs by default.

    Returns:
        Several machines where the environment variable TF_CONFIG names them, several devices
        of this one where there are, or the usual single one.
    """
    if os.environ.get("TF_CONFIG"):
        return tf.distribute.MultiWorkerMirroredStrategy()
    chosen = list(devices) or [gpu.name for gpu in tf.config.list_logical_devices("GPU")]
    if devices or len(chosen) > 1:
        return tf.distribute.MirroredStrategy(chosen)
    return tf.distribute.get_strategy()


def train(
    model: Model,
    seed: int,
    data: Dataset,
    settings: Settings,
    store: Store,
    strategy: tf.distribute.Strategy,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int | str = "auto",
    notes: Sequence[str] = (),
) -> Record:
    """Train one model from one seed, or go on where it stopped.

    Args:
        model: what to train.
        seed: sets weights, order and augmentation.
        data: the images.
        settings: what all runs have in common.
        store: where the run is kept; a finished or diverged run there is not trained again.
        strategy: where to train.
        callbacks: further callbacks of Keras.
        verbose: as in `keras.Model.fit`.
        notes: what a reader of the record should know.

    Returns:
        What is known of the run.

    Raises:
        ValueError: if what the store holds is damaged, or workers disagree on it.
    """
    record = store.read()
    if record and (record.state == "diverged" or _is_done(record, settings)):
        return record
    # One run after another in one process: nothing of the last one may remain.
    keras.backend.clear_session()
    gc.collect()
    keras.utils.set_random_seed(seed)
    checkpoint = store.latest(record) if record else None
    with strategy.scope():
        if checkpoint:
            network = keras.models.load_model(checkpoint)
        else:
            network = _compiled(model.build(len(data.classes)), settings)
    if record is None:
        record = Record(
            model=model.name,
            seed=seed,
            operator=model.operator,
            baseline=model.baseline,
            comparison=model.comparison,
            parameters=network.count_params(),
        )
    record.state = "stopped"
    record.notes += [note for note in notes if note not in record.notes]
    workers.check_agreement(strategy, record.epochs)
    workers.prepare(network, strategy)
    if record.epochs < settings.epochs:
        _fit(network, record, data, settings, store, strategy, callbacks, verbose)
    if record.state != "diverged":
        store.finish(record, _kernel_maps(store, record, data))
    return record


def _is_done(record: Record, settings: Settings) -> bool:
    return record.state == "finished" and record.epochs >= settings.epochs


def _compiled(network: keras.Model, settings: Settings) -> keras.Model:
    network.compile(
        optimizer=keras.optimizers.Adam(settings.learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return network


def _fit(
    network: keras.Model,
    record: Record,
    data: Dataset,
    settings: Settings,
    store: Store,
    strategy: tf.distribute.Strategy,
    callbacks: Sequence[keras.callbacks.Callback],
    verbose: int | str,
) -> None:
    done = record.epochs
    batches = Batches(
        data.train_images, data.train_labels, settings.batch, record.seed, settings.augment
    )
    tested = Batches(data.test_images, data.test_labels, settings.batch)
    if record.input_seconds is None:
        record.input_seconds = _input_seconds(batches, strategy)
    record.compiled_epochs.append(done)
    network.fit(
        batches.on(strategy, done, settings.epochs),
        steps_per_epoch=batches.steps,
        initial_epoch=done,
        epochs=settings.epochs,
        validation_data=tested.on(strategy, done, settings.epochs),
        validation_steps=tested.steps,
        shuffle=False,  # the batches come in the order of seed and epoch
        callbacks=[*callbacks, _Keeper(record, store)],
        verbose=verbose,
    )


class _Keeper(keras.callbacks.Callback):
    """Times each epoch, keeps it on disk, and stops a run that diverged."""

    def __init__(self, record: Record, store: Store):
        super().__init__()
        self._record, self._store = record, store

    def on_epoch_begin(self, epoch, logs=None):
        """Start the clock."""
        self._began, self._seconds = time.perf_counter(), None

    def on_test_begin(self, logs=None):
        """Stop the clock: what follows is validation."""
        self._seconds = time.perf_counter() - self._began

    def on_epoch_end(self, epoch, logs=None):
        """Keep the epoch."""
        assert logs is not None
        record = self._record
        record.epoch_seconds.append(self._seconds or time.perf_counter() - self._began)
        for name in METRICS:
            record.history[name].append(float(logs[name]))
        if all(math.isfinite(logs[name]) for name in METRICS):
            self._store.save(self.model, record)
            return
        record.state = "diverged"
        record.notes.append(f"Diverged in epoch {record.epochs}: a metric is not finite.")
        self.model.stop_training = True
        self._store.write(record)


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


def _kernel_maps(store: Store, record: Record, data: Dataset) -> dict:
    """Load the model without a strategy: one worker makes the maps, alone."""
    if not store.writable:
        return {}
    path = store.latest(record)
    return kernel_maps(keras.models.load_model(path), data.test_images[:SHOWN])


def tensorboard(folder: Path, model: Model, seed: int) -> keras.callbacks.Callback:
    """Return a callback that writes the curves of one run for TensorBoard."""
    return keras.callbacks.TensorBoard(folder / model.name / f"seed-{seed}", write_graph=False)
