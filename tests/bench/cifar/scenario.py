"""Trains small models in a process of its own, for what it sets holds for the whole process.

Prints one JSON object: what each way of training the same model gave.
"""

import contextlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from bench.cifar import training
from bench.cifar.data import load
from bench.cifar.models import model
from bench.cifar.store import Store

EPOCHS = 3


class Stops(keras.callbacks.Callback):
    """Interrupts the third epoch after its first batch, as a killed process would be."""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == 2:
            raise KeyboardInterrupt


class Counts(keras.callbacks.Callback):
    """Counts the epochs that are really trained."""

    def __init__(self):
        super().__init__()
        self.epochs = []

    def on_epoch_begin(self, epoch, logs=None):
        self.epochs.append(epoch)


def main(folder):
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tf.config.experimental.enable_op_determinism()
    data = load(folder / "cifar.npz")
    results = {}

    def train(label, name, seed=0, epochs=EPOCHS, devices=(), callbacks=(), place=None, **changes):
        settings = training.Settings(epochs=epochs, batch=32, augment=True, **changes)
        store = Store(folder / (place or label))
        counts = Counts()
        record = training.train(
            model(name),
            seed,
            data,
            settings,
            store,
            training.choose_strategy(devices),
            callbacks=[counts, *callbacks],
            verbose=0,
        )
        results[label] = {**asdict(store.read()), "trained": counts.epochs}
        assert record.state == results[label]["state"]

    train("whole", "tutorial_inn")
    with contextlib.suppress(KeyboardInterrupt):
        train("broken", "tutorial_inn", callbacks=[Stops()])
    results["broken"] = asdict(Store(folder / "broken").read())
    train("resumed", "tutorial_inn", place="broken")
    train("again", "tutorial_inn", place="broken")
    train("one device", "tutorial_cnn")
    train("two devices", "tutorial_cnn", devices=["CPU:0", "CPU:1"])
    train("other seed", "tutorial_cnn", seed=1, epochs=1)
    train("longer", "tutorial_cnn", seed=1, epochs=2, place="other seed")
    train("diverged", "tutorial_cnn", learning_rate=1e30)
    train("diverged again", "tutorial_cnn", learning_rate=1e30, place="diverged")
    maps = np.load(folder / "whole" / "kernels.npz")
    results["maps"] = {layer: maps[layer].shape for layer in maps.files}
    results["files"] = sorted(path.name for path in (folder / "broken").iterdir())
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
