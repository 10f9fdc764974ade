"""Peak memory of cases whose peak is known by construction."""

import random
from itertools import cycle, islice

import keras
import tensorflow as tf

from bench.measure.backend import EXECUTORS
from bench.measure.calls import Call
from bench.measure.memory import peak_memory

MOST_APART = 0.1
SIZES = (2**20, 2**27)  # bytes of the input
CASES = 60


def one_copy(inputs):
    """Hold the input three times over."""
    return tf.reduce_sum(tf.tile(inputs, [3, 1])), 3


def two_copies(inputs):
    """Hold two tensors of twice the input at once: the second is made of the first."""
    first = tf.tile(inputs, [2, 1])
    second = tf.transpose(first)
    return tf.reduce_sum(second) + tf.reduce_sum(first), 4


def outputs(inputs):
    """Return a tensor of five times the input, made without another."""
    return tf.tile(inputs, [5, 1]), 5


def one_after_the_other(inputs):
    """Hold four times the input, then half of it; the first is freed before."""
    first = tf.reduce_sum(tf.tile(inputs, [4, 1]))
    with tf.control_dependencies([first]):
        return first + tf.reduce_sum(tf.reverse(inputs[: inputs.shape[0] // 2], [1])), 4


KINDS = (one_copy, two_copies, outputs, one_after_the_other)


def _subjects():
    """Yield each kind with an executor, over and over."""
    # Compiled as a whole, a sum needs no copies: only what is returned is the same everywhere.
    executors = cycle(EXECUTORS)
    for kind in cycle(KINDS):
        yield kind, next(executors) if kind is outputs else "graph"


def test_peaks_are_those_known_by_construction(option, say):
    chance = random.Random(option("--seed"))
    worst = 0.0
    for kind, executor in islice(_subjects(), CASES):
        low, high = (size.bit_length() - 1 for size in SIZES)
        rows = int(2 ** chance.uniform(low, high)) // (4 * 64)
        inputs = tf.random.normal((rows, 64))
        function = EXECUTORS[executor](lambda x, kind=kind: kind(x)[0])
        call = Call(keras.layers.Identity(), function, (inputs,))
        call()
        expected = (1 + kind(inputs)[1]) * 4 * 64 * rows
        found = peak_memory(call)
        assert found.bytes is not None, found.note
        apart = found.bytes / expected - 1
        worst = max(worst, abs(apart))
        words = f"{kind.__name__}, {executor}, {expected / 2**20:.1f} MiB"
        say(f"{words}: {apart:+.1%}, {found.source}")
    say(f"{CASES} cases, at most {worst:.1%} apart")
    assert worst <= MOST_APART
