"""The native kernels on thousands of random shapes, outputs and all gradients, against plain loops.

A program without Python tries more of them, faster and under sanitizers: `tests/native/shapes.cc`.
"""

import random
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

from involution import involve
from involution.ops import involve_generated
from involution.ops.native.library import instructions, reason_against
from involution.ops.types import Generator, Windows
from tests.involution import loop

# Relative to the largest number: sums of thousands of terms.
TOLERANCES = {"float64": 1e-11, "float32": 1e-4, "float16": 1e-2, "bfloat16": 6e-2}
MOST_PRODUCTS = 4000  # for each image, taken one by one in the loop


def test_native_kernels_equal_loops(option, say):
    if reason_against():
        pytest.fail(f"{reason_against()}.")
    chance = random.Random(option("--seed"))
    covered, wrong, shapes = Counter(), [], option("--shapes")
    for _ in range(shapes):
        shape = _random_shape(chance)
        covered.update(_properties(shape))
        wrong += [f"{shape}: {fault}" for fault in _faults(shape)]
    say(f"{shapes} random shapes with {instructions()}, {len(wrong)} wrong results")
    say(", ".join(f"{name}: {count}" for name, count in sorted(covered.items())))
    assert wrong == []


def _random_shape(chance):
    """Return the sizes of a problem of any geometry, few enough for a loop."""
    while True:
        sizes, kernel_size = [[chance.choice([1, 2, 3, 5, 7, 9]) for _ in "hw"] for _ in "ab"]
        strides, dilation_rate = [[chance.choice([1, 1, 2, 3, 6]) for _ in "hw"] for _ in "ab"]
        padding = chance.choice(["same", "same", "valid", 0, 1, 2, 5])
        lines = zip(sizes, kernel_size, strides, (padding,) * 2, dilation_rate, strict=True)
        counts = [loop.borders(*line)[2] for line in lines]
        groups = chance.choice([1, 2, 3, 4, 8, 16, 17])
        channels = groups * chance.choice([*range(1, 9), 16, 31, 32, 64])
        products = np.prod([*counts, *kernel_size, channels])
        if 0 < products <= MOST_PRODUCTS:
            break
    windows = Windows(*map(tuple, (kernel_size, strides)), padding, tuple(dilation_rate), groups)
    return {
        "batch": chance.choice([0, 1, 2, 5]),
        "sizes": tuple(sizes),
        "counts": tuple(counts),
        "channels": channels,
        "reduced": chance.choice([1, 2, 3, 8, 17]),
        "dtype": chance.choice(list(TOLERANCES)),
        "windows": windows,
    }


def _properties(shape):
    windows, kernel_size = shape["windows"], shape["windows"].kernel_size
    return [
        shape["dtype"],
        f"batch {shape['batch']}",
        f"padding {windows.padding}",
        *["strides"] * (windows.strides != (1, 1)),
        *["dilation"] * (windows.dilation_rate != (1, 1)),
        *["1 x 1 pixels"] * (shape["sizes"] == (1, 1)),
        *["smaller than the kernel"]
        * any(size < taps for size, taps in zip(shape["sizes"], kernel_size, strict=True)),
    ]


def _faults(shape):
    """Return what differs from the loops, in both forms."""
    windows, batch, channels = shape["windows"], shape["batch"], shape["channels"]
    dtype, positions = shape["dtype"], (batch, *shape["counts"])
    numbers = np.prod(windows.kernel_size) * windows.groups
    generator = np.random.default_rng(batch)
    sizes = {
        "inputs": (batch, *shape["sizes"], channels),
        "kernels": (*positions, *windows.kernel_size, windows.groups),
        "outputs": (*positions, channels),
        "features": (*positions, shape["reduced"]),
        "weights": (shape["reduced"], numbers),
        "bias": (numbers,),
    }
    tensors = {name: tf.cast(generator.normal(size=size), dtype) for name, size in sizes.items()}
    exact = {name: tf.cast(tensor, "float64").numpy() for name, tensor in tensors.items()}
    for form in (_given, _generated):
        found, expected = form(windows, tensors, exact)
        for name, truth in expected.items():
            number = tf.cast(found[name], "float64").numpy()
            scale = max(1.0, float(np.abs(truth).max(initial=0)))
            if not np.allclose(number, truth, rtol=0, atol=TOLERANCES[dtype] * scale):
                yield f"{name} in {form.__name__}"


def _given(windows, tensors, exact):
    geometry = {name: value for name, value in windows.geometry.items() if name != "kernel_size"}
    inputs, kernels = tensors["inputs"], tensors["kernels"]
    with tf.GradientTape() as tape:
        tape.watch([inputs, kernels])
        outputs = involve(inputs, kernels, **geometry, implementation="native")
    gradients = tape.gradient(outputs, [inputs, kernels], tensors["outputs"])
    found = dict(zip(("outputs", "inputs", "kernels"), (outputs, *gradients), strict=True))
    return found, _truth(geometry, exact, exact["kernels"])


def _generated(windows, tensors, exact):
    geometry = {name: value for name, value in windows.geometry.items() if name != "kernel_size"}
    inputs, *generator = (tensors[name] for name in ("inputs", "features", "weights", "bias"))
    with tf.GradientTape() as tape:
        tape.watch([inputs, *generator])
        outputs = involve_generated(inputs, Generator(*generator), windows)
    gradients = tape.gradient(outputs, [inputs, *generator], tensors["outputs"])
    names = ("outputs", "inputs", "features", "weights", "bias")
    features, weights = exact["features"], exact["weights"]
    kernels = (features @ weights + exact["bias"]).reshape(exact["kernels"].shape)
    truth = _truth(geometry, exact, kernels)
    by_kernels = truth.pop("kernels").reshape(*features.shape[:3], weights.shape[1])
    truth["features"] = by_kernels @ weights.T
    truth["weights"] = np.einsum("bhwr,bhwn->rn", features, by_kernels)
    truth["bias"] = by_kernels.sum((0, 1, 2))
    return dict(zip(names, (outputs, *gradients), strict=True)), truth


def _truth(geometry, exact, kernels):
    inputs, upstream = exact["inputs"], exact["outputs"]
    gradients = loop.involve(inputs, kernels, **geometry, output_gradients=upstream)
    outputs = loop.involve(inputs, kernels, **geometry)
    return dict(zip(("outputs", "inputs", "kernels"), (outputs, *gradients), strict=True))
