"""A process on a node of a cluster that trains one run, and sends its files after each epoch."""

import bench.startup  # noqa: F401, I001 - before anything imports TensorFlow

import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from bench.cifar import training
from bench.cifar.models import candidate
from bench.cifar.runs import PlannedRun
from bench.cifar.store import Store
from bench.session import child
from bench.session.machine import machine_info
from reports.cifar.record import TrainingRun

Send = Callable[[Mapping[str, Any]], None]


class SendingStore(Store):
    """The folder of a run that tells of each epoch.

    Args:
        folder: as for `Store`.
        told: is called when an epoch is in the folder.
    """

    def __init__(self, folder: Path, told: Callable[[], None]) -> None:
        super().__init__(folder)
        self._told = told

    def save(self, model: keras.Model, run: TrainingRun) -> None:
        """Save a model after an epoch together with its run, and tell of it."""
        super().save(model, run)
        self._told()


def train(request: Mapping[str, Any], send: Send) -> None:
    """Train a run to its end.

    Args:
        request: `model`, `seed`, `settings`, `images` and `notes`; and `contents`, the files of the
            run so far.
        send: takes what came of each epoch, and of the whole run at last: `contents`, all files of
            the run; `curves`, those for TensorBoard; and `is_done`.
    """
    tf.config.experimental.enable_op_determinism()
    with tempfile.TemporaryDirectory() as folder:
        planned = PlannedRun(candidate(request["model"]), request["seed"], Path(folder, "study"))
        planned.store.replace(request["contents"])

        def tell(*, is_done: bool = False) -> None:
            curves = {
                path.relative_to(planned.curves).as_posix(): path.read_bytes()
                for path in planned.curves.rglob("*")
                if path.is_file()
            }
            contents = planned.store.contents()
            send({"contents": contents, "curves": curves, "is_done": is_done})

        training.train(
            planned.candidate,
            planned.seed,
            data=request["images"],
            settings=request["settings"],
            store=SendingStore(planned.store.folder, tell),
            strategy=training.choose_strategy(),
            callbacks=[training.tensorboard(planned.curves)],
            verbose=0,
            notes=request["notes"],
        )
        tell(is_done=True)


def main(descriptor: int) -> None:
    """Do what is asked for once, and end.

    Args:
        descriptor: that of the connection to the agent, which asks.
    """
    link = Connection(descriptor)
    request = link.recv()
    child.end_with_parent(descriptor)
    if request["asked"] == "machine":
        link.send({"machine": machine_info(), "is_done": True})
    else:
        train(request, link.send)


if __name__ == "__main__":
    main(int(sys.argv[1]))
