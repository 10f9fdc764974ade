"""Names of things for readers: axes, operators, cases, verdicts."""

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Axis:
    """How a sweep's axis is named: as a heading, and inside a sentence."""

    title: str
    noun: str


# By the record's key. A sweep over another key goes by that key's own name.
AXES: Mapping[str, Axis] = {
    "height": Axis("Height and width, pixels", "resolution"),
    "strides": Axis("Stride", "stride"),
    "groups": Axis("Groups", "groups"),
    "kernel_size": Axis("Kernel size", "kernel size"),
    "channels": Axis("Channels", "channels"),
    "batch": Axis("Batch size", "batch size"),
    "dtype": Axis("Data type", "data type"),
    "label": Axis("Pixels and kernel size", "case"),
    "executor": Axis("Executor", "executor"),
}

# Axes whose values count something: "with 64 groups", not "at groups 64".
COUNTED = ("groups", "channels")

# By the sweep's name. Another sweep goes by that name itself.
SWEEPS: Mapping[str, str] = {"overhead": "Empty calls", "dtype": "Data type"}

# With Keras there is one implementation of each operator: its name would add nothing.
UNNAMED_IMPLEMENTATION = "keras"

# Convolution with groups, by the kernel of TensorFlow that has them.
GROUPED = ("convolution", "tensorflow")

# Implementations that are whole models: kind, depth and variant.
MODEL = re.compile(r"(red|res)net(\d{1,4})(?:-([\w-]{1,20}))?")

# The operator that is compared with all others.
SUBJECT = "involution"
# What is no operator: a call that computes nothing.
EMPTY_CALL = "empty call"
# The implementations that sentences are about: the first of them that was measured.
SUBJECTS = (("involution", "native"), ("involution", "fused"), ("involution", "patches"))

LONGEST_NAME = 40


def axis(name: str) -> Axis:
    """Name an axis.

    Args:
        name: the record's key.

    Returns:
        Its entry in `AXES`, or one made from the key.

    Example:
        >>> axis("dilation_rate").noun
        'dilation rate'
    """
    plain = name.replace("_", " ")
    return AXES.get(name, Axis(plain.capitalize(), plain))


def at(name: str, axis_values: str) -> str:
    """Say inside a sentence where on an axis something is.

    Args:
        name: the record's key.
        axis_values: one value or several, in words.

    Example:
        >>> at("kernel_size", "7"), at("groups", "16 to 64"), at("label", "32x32, K7")
        ('at kernel size 7', 'with 16 to 64 groups', 'at 32x32, K7')
    """
    if name in COUNTED:
        return f"with {axis_values} {'group' if axis_values == '1' and name == 'groups' else name}"
    return f"at {axis_values}" if name == "label" else f"at {axis(name).noun} {axis_values}"


def listed(parts: Iterable[str]) -> str:
    """Join the parts of a list inside a sentence.

    Example:
        >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
        ('a', 'a and b', 'a, b and c')
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def sweep_title(name: str) -> str:
    """Write a sweep's name as a heading.

    Example:
        >>> sweep_title("kernel_size")
        'Kernel size'
    """
    return SWEEPS.get(name, name.replace("_", " ").capitalize())


def series(operator: str, implementation: str) -> str:
    """Name an operator and how it is computed.

    Example:
        >>> series("involution", "fused"), series("convolution", "keras")
        ('involution (fused)', 'convolution')
        >>> series("convolution", "keras-3x3"), series("convolution", "tensorflow")
        ('convolution (3x3)', 'grouped convolution')
    """
    if implementation == UNNAMED_IMPLEMENTATION:
        return shortened(operator)
    if found := MODEL.fullmatch(implementation):
        return model(*found.groups())
    if (operator, implementation) == GROUPED:
        return f"grouped {operator}"
    implementation = implementation.removeprefix(f"{UNNAMED_IMPLEMENTATION}-")
    return shortened(f"{operator} ({implementation})")


def model(kind: str, depth: str, variant: str | None = None) -> str:
    """Name a whole model as its paper does.

    Example:
        >>> model("red", "50"), model("res", "26", "fused")
        ('RedNet-50', 'ResNet-26 (fused)')
    """
    return f"{kind.capitalize()}Net-{depth}" + (f" ({variant})" if variant else "")


def series_of(records: pd.DataFrame) -> pd.Series:
    """Name each record's line in its sweep.

    Args:
        records: records, measured or not.

    Returns:
        Operator and implementation; with the executor, data type or batch where one operator and
        implementation ran with several of them in one direction of the sweep; and with the word
        "twin" where it is the baseline's.
    """
    pairs = zip(records["operator"], records["implementation"], strict=True)
    names = pd.Series([series(*pair) for pair in pairs], index=records.index, dtype=object)
    line = [records[key] for key in ("file", "sweep", "operator", "implementation", "direction")]
    for key in ("executor", "dtype", "batch"):
        several = records[key].groupby(line).transform("nunique") > 1
        # A label names a whole case, its batch too.
        telling = several & ~records["axis"].isin([key, "label"])
        names = names.where(~telling, names + ", " + records[key].astype(str))
    return names.where(~records["is_twin"], names + ", twin").map(shortened)


def sentence_case(text: str) -> str:
    """Begin with a capital letter, and leave all others as they are.

    Example:
        >>> sentence_case("depthwise CNN")
        'Depthwise CNN'
    """
    return text[:1].upper() + text[1:]


def slug(name: str) -> str:
    """Make a name fit for an identifier and for the name of a file.

    Example:
        >>> slug("kernel_size <b>")
        'kernel_size--b-'
    """
    return "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in name)


def pytest(test: str) -> str:
    """Write the command that runs a test, to paste into a shell.

    Example:
        >>> pytest("bench/bench_stride.py::bench_stride[involution-fused-forward-2]")
        "pytest 'bench/bench_stride.py::bench_stride[involution-fused-forward-2]'"
    """
    return shlex.join(["pytest", test])


def shortened(name: str) -> str:
    """Cut a name that would not fit next to a figure, to `LONGEST_NAME` characters.

    Example:
        >>> len(shortened("a" * 100))
        40
    """
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def case(record: Mapping[str, Any]) -> str:
    """Describe a record's geometry.

    Example:
        >>> case({"height": 56, "width": 56, "channels": 64, "kernel_size": 7,
        ...       "strides": 1, "batch": 4, "dtype": "float32"})
        '56 x 56 x 64, kernel 7, stride 1, batch 4, float32'
    """
    return (
        f"{record['height']} x {record['width']} x {record['channels']}, "
        f"kernel {record['kernel_size']}, stride {record['strides']}, "
        f"batch {record['batch']}, {record['dtype']}"
    )


def value(axis_value: object) -> str:
    """Write a value of an axis: numbers without a needless fraction.

    Example:
        >>> value(64.0), value(0.5), value("float16")
        ('64', '0.5', 'float16')
    """
    return f"{axis_value:g}" if isinstance(axis_value, float) else shortened(str(axis_value))


def in_order(values: Iterable[Any]) -> list[Any]:
    """Sort the values of an axis: numbers by size, then strings, with numbers in them by size.

    Args:
        values: may repeat.

    Returns:
        Each value once.

    Example:
        >>> in_order(["8x8, K11", 16, "8x8, K3", 8, 8])
        [8, 16, '8x8, K3', '8x8, K11']
    """
    return sorted(
        dict.fromkeys(values), key=lambda value: (isinstance(value, str), _natural(value))
    )


def _natural(value: Any) -> Any:
    """Split a string at its numbers, which compare as such; a number stays."""
    if not isinstance(value, str):
        return value
    # Digits without leading zeros compare by their count first: a file may have very many, which
    # Python refuses to convert.
    parts = re.split(r"0*(\d+)", value)
    return [(len(part), part) if place % 2 else part for place, part in enumerate(parts)]
