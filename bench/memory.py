"""Peak memory of one call, as TensorFlow's allocator counts it."""

from dataclasses import dataclass

import tensorflow as tf

from bench.calls import ACCELERATED, Call

DEVICE = "GPU:0" if ACCELERATED else "CPU:0"


@dataclass(frozen=True)
class PeakMemory:
    """Peak memory of one call.

    Attributes:
        bytes: inputs, weights and whatever else is held at the worst moment, or None.
        source: where the number is from, or None.
        note: why there is none, or None.
    """

    bytes: int | None
    source: str | None
    note: str | None = None


def peak_memory(call: Call) -> PeakMemory:
    """Measure the peak memory of one call.

    The allocator counts in chunks, which may be larger than what was asked for.

    Args:
        call: a call that has run before, so that nothing is compiled now.

    Returns:
        The peak; without bytes where the allocator does not count.
    """
    try:
        tf.config.experimental.reset_memory_stats(DEVICE)
        before = tf.config.experimental.get_memory_info(DEVICE)["current"]
    except ValueError as error:
        return PeakMemory(None, None, f"peak memory not measured: {error}")
    results = call()
    peak = tf.config.experimental.get_memory_info(DEVICE)["peak"]
    del results
    return PeakMemory(peak - before + call.held_bytes, f"allocator {DEVICE}")
