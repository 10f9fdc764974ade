"""A Keras callback that traces a few steps in the middle of an epoch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from bench.profiling import tracing
from bench.profiling.record import record
from bench.profiling.runs import fresh_run

# Where the number of steps in an epoch is not known: past the first calls' costs.
FIRST_STEP = 10


class ProfileSteps(keras.callbacks.Callback):
    """Traces steps of training, and writes their numbers beside the trace when it ends.

    Keras's own TensorBoard callback does not mark steps as the overview needs them. The traced
    epoch is slower than others: it is not one to time.

    Args:
        results: the folder of all runs.
        name: what the run is called; an existing run is not overwritten.
        subject: what is trained, plain values by name, kept with the numbers.
        steps: how many steps TensorBoard shall count. Default 10.
        epoch: in which epoch, counted from 0. Default 0.

    Attributes:
        run: the folder of the run, None until the trace begins.
    """

    def __init__(
        self,
        results: Path,
        name: str,
        subject: Mapping[str, Any],
        steps: int = 10,
        epoch: int = 0,
    ):
        super().__init__()
        self.run: Path | None = None
        self._results, self._name, self._subject = results, name, subject
        self._steps, self._epoch = steps + tracing.UNCOUNTED_STEPS, epoch
        self._span = range(0)
        self._marker: Any = None

    def on_epoch_begin(self, epoch, logs=None):
        """Choose the steps to trace: those in the middle of the chosen epoch."""
        in_epoch = (self.params or {}).get("steps")
        first = FIRST_STEP if in_epoch is None else max((in_epoch - self._steps) // 2, 0)
        is_due = epoch == self._epoch and self.run is None
        self._span = range(first, first + self._steps) if is_due else range(0)

    def on_train_batch_begin(self, batch, logs=None):
        """Begin the trace before its first step, and mark each step."""
        if batch not in self._span:
            return
        if batch == self._span.start:
            self.run = fresh_run(self._results, self._name)
            tracing.start(self.run)
        self._marker = tracing.marker(batch)
        self._marker.__enter__()

    def on_train_batch_end(self, batch, logs=None):
        """End the step, and the trace after its last."""
        if self._marker is None:
            return
        self._marker.__exit__(None, None, None)
        self._marker = None
        if batch == self._span[-1]:
            self._stop()

    def on_epoch_end(self, epoch, logs=None):
        """End a trace that is longer than the epoch."""
        self._stop()

    def on_train_end(self, logs=None):
        """End a trace that training did not outlast."""
        self._stop()

    def _stop(self) -> None:
        if self.run is not None and self._span:
            self._span = range(0)
            tracing.stop()
            record(self.run, self._subject)
