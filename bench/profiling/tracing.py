"""Traces of a few steps, each marked so that TensorBoard's overview knows it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

import tensorflow as tf

# Of all but the shortest traces xprof leaves out the first step and the last, which may be there
# in part.
UNCOUNTED_STEPS = 2
NAME = "step"


def marker(step: int) -> AbstractContextManager[object]:
    """Return a context that marks one step in a trace.

    Keras's own TensorBoard callback omits `_r`, without which there are no step times.

    Args:
        step: the step's number.
    """
    trace = tf.profiler.experimental.Trace(NAME, step_num=step, _r=1)
    return cast("AbstractContextManager[object]", trace)


def start(folder: Path) -> None:
    """Begin a trace.

    Args:
        folder: where the trace goes: a run of TensorBoard, to which it gives its name.
    """
    # Python calls would only slow down what is to be seen.
    options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=0)
    tf.profiler.experimental.start(str(folder), options)


def stop() -> None:
    """End the trace and write it."""
    tf.profiler.experimental.stop()


def trace(step: Callable[[], object], folder: Path, steps: int) -> None:
    """Trace a few steps.

    Args:
        step: runs one step and waits until the device has finished; warmed up by the caller.
        folder: where the trace goes.
        steps: how many steps TensorBoard shall count.
    """
    start(folder)
    try:
        for number in range(steps + UNCOUNTED_STEPS):
            with marker(number):
                step()
    finally:
        stop()
