"""Trains small models in a process of its own, for what it sets holds for the whole process.

Prints one JSON object: what each way of training the same model gave.
"""

import contextlib
import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from bench.cifar import __main__ as command_line
from bench.cifar import node, training
from bench.cifar.data import load
from bench.cifar.models import Candidate, candidate
from bench.cifar.settings import Settings
from bench.cifar.store import Store
from involution import Involution2D

EPOCHS = 3


def involutional(classes):
    """One fused involution with batch normalisation: as little to compile as will do."""
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            keras.layers.AveragePooling2D(4),
            Involution2D(3, name="involution"),
            keras.layers.Flatten(),
            keras.layers.Dense(classes),
        ]
    )


SMALL = Candidate("small", "involution", involutional)
CNN = candidate("tutorial_cnn")


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

    def train(
        label, chosen, seed=0, epochs=EPOCHS, devices=(), callbacks=(), place=None, **changes
    ):
        settings = Settings(epochs=epochs, batch=32, augment=True, **changes)
        store = Store(folder / (place or label))
        counts = Counts()
        record = training.train(
            chosen,
            seed,
            data=data,
            settings=settings,
            store=store,
            strategy=training.choose_strategy(devices),
            callbacks=[counts, *callbacks],
            verbose=0,
        )
        results[label] = {**store.read().model_dump(), "trained": counts.epochs}
        assert record.state == results[label]["state"]

    train("whole", SMALL)
    with contextlib.suppress(KeyboardInterrupt):
        train("broken", SMALL, callbacks=[Stops()])
    results["broken"] = Store(folder / "broken").read().model_dump()
    train("resumed", SMALL, place="broken")
    train("again", SMALL, place="broken")
    train("one device", CNN)
    train("two devices", CNN, devices=["CPU:0", "CPU:1"])
    train("other seed", CNN, seed=1, epochs=1)
    train("longer", CNN, seed=1, epochs=2, place="other seed")
    train("diverged", CNN, learning_rate=1e30)
    train("diverged again", CNN, learning_rate=1e30, place="diverged")
    maps = np.load(folder / "whole" / "kernels.npz")
    results["maps"] = {layer: maps[layer].shape for layer in maps.files}
    results["files"] = sorted(path.name for path in (folder / "broken").iterdir())
    results["node"] = sent(data)
    study(folder)
    print(json.dumps({**results, "folder": str(folder)}))


def sent(data):
    """What a process on a node sends, and what another one sends that goes on after two epochs."""

    def train(contents):
        request = {"model": CNN.name, "seed": 0, "images": data, "notes": ["a note"]}
        request["settings"] = Settings(epochs=EPOCHS, batch=32, augment=True)
        messages = []
        node.train({**request, "contents": contents}, messages.append)
        return messages

    whole = train({})
    resumed = train(whole[1]["contents"])
    return [
        [
            {
                "files": sorted(message["contents"]),
                "curves": sorted({path.split("/")[0] for path in message["curves"]}),
                "is_done": message["is_done"],
                "run": json.loads(message["contents"]["run.json"]),
            }
            for message in messages
        ]
        for messages in (whole, resumed)
    ]


def study(folder):
    """A whole study by the command line, on two devices."""
    options = ["--data", folder / "cifar.npz", "--models", "tutorial_cnn", "--seeds", 1]
    options += ["--epochs", 1, "--batch", 32, "--devices", "CPU:0", "CPU:1", "-o", folder / "study"]
    with contextlib.redirect_stdout(sys.stderr):
        assert command_line.main([str(option) for option in options]) == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
