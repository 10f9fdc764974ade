"""Attention with a fault is found before it is timed."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from bench.cases import Case
from bench.measure.calls import prepare
from bench.measure.check import DisagreementError, check
from bench.operators import ATTENTION, ATTENTIONS, LOCAL_ATTENTION, local_attention
from bench.operators.blocks import attended
from reports.sources.case import DIRECTIONS, DTYPES

CASE = Case(batch=3, height=15, width=16, channels=16, kernel_size=5, groups=2)
each_direction = pytest.mark.parametrize("direction", DIRECTIONS)
each_attention = pytest.mark.parametrize("operator", ATTENTIONS, ids=str)


@each_attention
@each_direction
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("sides", [{}, {"strides": 2}, {"strides": (1, 3), "dilation_rate": 2}])
def test_correct_attention_passes(operator, direction, dtype, sides):
    # Keras's layer has the scale of a head in float32: one of four channels has it exactly.
    case = replace(CASE, groups=4, **sides, dtype=dtype, direction=direction)
    assert check(operator, case, prepare(operator, case)) is None


def refused(operator, case, spoil):
    """Check an operator whose layer is spoilt after the reference got its weights."""
    call = prepare(operator, case)
    function = spoil(call)
    with pytest.raises(DisagreementError):
        check(operator, case, replace(call, function=function))


def exchanged(first, second):
    """Return a function that runs a call with two of its weights in each other's place."""

    def spoil(call):
        weights = call.layer.trainable_weights
        kept = [tf.identity(weights[place].value) for place in (first, second)]

        def function(*tensors):
            weights[first].assign(kept[1])
            weights[second].assign(kept[0])
            results = call.function(*tensors)
            weights[first].assign(kept[0])
            weights[second].assign(kept[1])
            return results

        return function

    return spoil


@each_attention
@each_direction
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("places", [(1, 2), (0, 2)], ids=["keys and values", "queries and values"])
def test_exchanged_projections_are_found(operator, direction, dtype, places):
    refused(operator, replace(CASE, dtype=dtype, direction=direction), exchanged(*places))


@each_attention
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("factor", [8**0.5, 2], ids=["no scale", "scale of a fourth"])
def test_another_scale_is_found(operator, dtype, factor):
    """Queries times a factor are scores times it."""

    def spoil(call):
        queries = call.layer.trainable_weights[0]
        kept = tf.identity(queries.value)

        def function(inputs):
            queries.assign(kept * tf.cast(factor, dtype))
            outputs = call.function(inputs)
            queries.assign(kept)
            return outputs

        return function

    refused(operator, replace(CASE, dtype=dtype), spoil)


def unmasked_border(rows, columns):
    """What `attended` returns, but pixels outside count as the nearest inside."""
    masks = [
        part._replace(attended=np.broadcast_to(part.attended.any(axis=0), part.attended.shape))
        for part in (rows, columns)
    ]
    return attended(*masks)


def one_tap_less(rows, columns):
    """What `attended` returns, without the pixels of the last tap of each row."""
    mask = columns.attended
    last = mask & ~np.roll(mask, -1, axis=2)
    return attended(rows, columns._replace(attended=mask & ~last))


@each_direction
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("wrong", [unmasked_border, one_tap_less])
def test_a_wrong_mask_is_found(monkeypatch, direction, dtype, wrong):
    monkeypatch.setattr(local_attention, "attended", wrong)
    case = replace(CASE, dtype=dtype, direction=direction)
    refused(LOCAL_ATTENTION, case, lambda call: call.function)


def test_heads_of_interleaved_channels_are_found():
    order = np.arange(16).reshape(8, 2).T.ravel()

    def spoil(call):
        def function(inputs):
            outputs = call.function(tf.gather(inputs, order, axis=3))
            return tf.gather(outputs, np.argsort(order), axis=3)

        return function

    refused(ATTENTION, CASE, spoil)
    refused(LOCAL_ATTENTION, CASE, spoil)


@each_attention
@pytest.mark.parametrize("number", range(4))
def test_a_gradient_of_half_of_the_batch_is_found(operator, number):
    half = np.ones((3, 1, 1, 1), "float32")
    half[2] = 0

    def spoil(call):
        def function(inputs, upstream):
            outputs, gradients = call.function(inputs, upstream)
            gradients[number] = call.function(inputs, upstream * half)[1][number]
            return outputs, gradients

        return function

    refused(operator, replace(CASE, direction="training"), spoil)
