"""Names of layers, for readers and for the command of a trial."""

import shlex
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from glob import escape
from itertools import takewhile

from reports.sweeps.model.description import LayerDescription
from reports.sweeps.model.layers import MeasuredModel
from reports.text import words

# Where a model comes from if its name alone finds it; any other source is a file.
KNOWN_SOURCES = ("keras.applications", "involution.models")
# Names that a sentence lists; where there are more, it has the layer's size instead.
MOST_NAMES = 2


def patterns(names: Sequence[str], others: Iterable[str]) -> list[str]:
    """Write names as shell patterns that match no other layer.

    Args:
        names: the layers that are meant.
        others: the names of all other layers.

    Returns:
        One pattern, or the names themselves where one would match others too.

    Example:
        >>> patterns(["block1_conv", "block2_conv"], ["block1_out"])
        ['block*_conv']
        >>> patterns(["conv", "conv_1"], ["conv_2"])
        ['conv', 'conv_1']
    """
    exact = [escape(name) for name in names]
    if len(names) < 2:
        return exact
    start = _common_start(names)
    end = _common_start([name[len(start) :][::-1] for name in names])[::-1]
    pattern = f"{escape(start)}*{escape(end)}"
    if pattern == "*" or any(fnmatchcase(name, pattern) for name in others):
        return exact
    return [pattern]


def _common_start(names: Sequence[str]) -> str:
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in same)


def of_layer(model: MeasuredModel, layer: LayerDescription) -> list[str]:
    """Write the names of the layers that are like one as patterns.

    Args:
        model: of `layers.measured_model`.
        layer: one of its layers.
    """
    everything = {name for each in model.description.layers for name in each.names}
    return patterns(layer.names, everything - {*layer.names})


def in_words(model: MeasuredModel, layer: LayerDescription) -> str:
    """Name a layer in a sentence: by its pattern, or by its size where it has too many names.

    Args:
        model: of `layers.measured_model`.
        layer: one of its layers.
    """
    found = of_layer(model, layer)
    if not found or len(found) > MOST_NAMES:
        return words.shortened(layer.label)
    return " and ".join(map(words.shortened, found))


def trial(model: MeasuredModel, layers: Iterable[LayerDescription]) -> str:
    """Write the command that measures the model with involution, to paste into a shell.

    Args:
        model: of `layers.measured_model`.
        layers: those to replace.

    Returns:
        The command; empty where there is no layer.
    """
    chosen = [pattern for layer in layers for pattern in of_layer(model, layer)]
    if not chosen:
        return ""
    described = model.description
    is_known = described.source in KNOWN_SOURCES
    name = f"{described.source}.{described.name}" if is_known else described.source
    options = ["--batch", str(described.batch)]
    options += ["--image-size", f"{described.height}x{described.width}"]
    options += [part for pattern in chosen for part in ("--replace", pattern)]
    return shlex.join(["python", "-m", "bench.trial", name, *options])
