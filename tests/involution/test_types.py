"""What a user's type checker sees of the public names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Lines that mypy must refuse name its code for the error; no other line may have one. `assert_type`
# fails where a type is Any. What TensorFlow and Keras return is Any: they ship no types.
CODE = """
from typing import Any, assert_type

import numpy as np

from involution import Involution2D, involve
from involution.costs import Costs, convolution
from involution.layers.data_format import DataFormat
from involution.models import rednet, tutorial_inn
from involution.ops import Implementation

inputs = np.ones((1, 4, 4, 8), "float32")
kernels = np.ones((1, 4, 4, 3, 3, 2), "float32")

involve(inputs, kernels)
involve(inputs, kernels, strides=(1, 2), padding=1, dilation_rate=2, implementation="fused")
involve(inputs, involve(inputs, kernels), padding="valid", implementation="auto")
involve(inputs, kernels, padding="full")  # error: arg-type
involve(inputs, kernels, implementation="fast")  # error: arg-type
involve(inputs, kernels, strides="2")  # error: arg-type
involve(inputs, kernels, strides=(1, 2, 3))  # error: arg-type
involve(inputs, kernels, 2)  # error: call-arg
involve(inputs, "kernels")  # error: arg-type
involve(inputs)  # error: call-arg

layer = Involution2D(7, groups=4, padding="same", data_format="channels_first", name="spatial")
Involution2D((3, 5), strides=2, padding=0, implementation="patches", kernel_generator=None)
Involution2D(7, 2)  # error: call-arg
Involution2D("7")  # error: arg-type
Involution2D(padding="full")  # error: arg-type
Involution2D(data_format="NHWC")  # error: arg-type
Involution2D(implementation="fast")  # error: arg-type
Involution2D(groups="4")  # error: arg-type

assert_type(layer, Involution2D)
assert_type(layer.kernel_size, tuple[int, int])
assert_type(layer.groups, int)
assert_type(layer.implementation, Implementation)
assert_type(layer.data_format, DataFormat)
assert_type(layer.compute_output_shape((1, 4, 4, 8)), tuple[int | None, ...])
assert_type(layer.get_config(), dict[str, Any])
assert_type(layer.get_config(), Any)  # error: assert-type
assert_type(Involution2D.from_config({}), Involution2D)

costs = convolution((1, 4, 4, 8), filters=8, kernel_size=3)
assert_type(costs, Costs)
assert_type(costs.flops, int)
convolution((1, 4, 4, 8), 8, 3)  # error: call-arg
rednet(50, stem="cifar", implementation="auto")
rednet(50, stem="mnist")  # error: arg-type
rednet(50, (224, 224, 3))  # error: call-arg
tutorial_inn(implementation="fast")  # error: arg-type
"""


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Codes of the errors that mypy finds in the file, by line."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "user.py").write_text(CODE)
    process = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "cache", "user.py"],
        cwd=folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not process.stderr
    found = {}
    for line in process.stdout.splitlines():
        if match := re.fullmatch(r"user\.py:(\d+): error: .*\[([a-z-]+)\]", line):
            found.setdefault(int(match[1]), set()).add(match[2])
    return found


def test_a_type_checker_finds_wrong_arguments_and_knows_the_types(reported):
    lines = enumerate(CODE.splitlines(), start=1)
    expected = {
        number: {line.split("# error: ")[1]} for number, line in lines if "# error: " in line
    }
    assert reported == expected
