"""A Keras callback that traces a few steps in the middle of an epoch."""

from contextlib import AbstractContextManager
from pathlib import Path

import keras

from bench.profiling import tracing
from bench.profiling.record import record
from bench.profiling.runs import fresh_run
from reports.profiling.record import ModelSubject

# The first step to trace where the number of steps in an epoch is not known: the steps before it
# pay for compilation and warm-up.
FIRST_STEP = 10
# Metrics by name, as Keras gives them to callbacks.
Logs = dict[str, float] | None


class ProfileSteps(keras.callbacks.Callback):
    """Traces steps in the first epoch that is trained, and keeps their numbers next to the trace.

    Keras's own TensorBoard callback does not mark steps as the overview needs them. An epoch with
    a trace in it is slower than others: it is not one to time.

    Args:
        results: the folder of all runs.
        name: what the run is called; an existing run is not overwritten.
        subject: what is trained, kept with the numbers.
        steps: how many steps TensorBoard shall count. Default 10.

    Attributes:
        run: the folder of the run, None until the trace begins.
    """

    def __init__(self, results: Path, name: str, subject: ModelSubject, steps: int = 10) -> None:
        super().__init__()
        self.run: Path | None = None
        self._results, self._name, self._subject = results, name, subject
        self._left = steps + tracing.UNCOUNTED_STEPS
        self._first = FIRST_STEP
        self._marker: AbstractContextManager[object] | None = None

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002 - as Keras calls it
        """Choose the steps to trace: those in the middle of the epoch."""
        in_epoch = (self.params or {}).get("steps")
        if in_epoch is not None:
            self._first = max((in_epoch - self._left) // 2, 0)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:  # noqa: ARG002 - as Keras calls it
        """Begin the trace before its first step, and mark each step."""
        if self._left == 0 or batch < self._first:
            return
        if self.run is None:
            self.run = fresh_run(self._results, self._name)
            tracing.start(self.run)
        self._marker = tracing.marker(batch)
        self._marker.__enter__()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:  # noqa: ARG002 - as Keras calls it
        """End the step, and the trace after its last."""
        if self._marker is None:
            return
        self._marker.__exit__(None, None, None)
        self._marker = None
        self._left -= 1
        if self._left == 0:
            self._stop()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:  # noqa: ARG002 - as Keras calls it
        """End a trace that the epoch was too short for."""
        if self.run is not None and self._left:
            self._left = 0
            self._stop()

    def _stop(self) -> None:
        assert self.run is not None
        tracing.stop()
        record(self.run, self._subject)
