"""What a trial says on the terminal: the layers that were replaced, and both models compared."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from bench.cases import Sides
from reports.sources.case import DIRECTIONS, Direction, by_sides
from reports.sweeps.model.description import REST, WHOLE
from reports.sweeps.tables import rows
from reports.text import units

WIDTH = 96
# Said of each model with new layers.
ACCURACY = "Accuracy is unknown: train the new model before you use it."
# The lines of the table: name, direction of the record, its key, the key of the ratio, units.
LINES = (
    ("time forward", "forward", "median_seconds", "ratio", units.SECONDS),
    ("time of a training step", "training", "median_seconds", "ratio", units.SECONDS),
    ("trainable parameters", "forward", "parameters", "parameters_ratio", units.COUNTS),
    ("MACs forward", "forward", "macs", "macs_ratio", units.COUNTS),
    ("peak memory forward", "forward", "peak_memory_bytes", "memory_ratio", units.BYTES),
    ("peak memory in training", "training", "peak_memory_bytes", "memory_ratio", units.BYTES),
)

IN = {"forward": "forward", "training": "in training"}
Row = Mapping[str, Any]


def of_choice(sizes: Mapping[str, Sides], directions: Sequence[Direction] = DIRECTIONS) -> str:
    """Say which layers are replaced.

    Args:
        sizes: the kernel size of the involution by path of the layer.
        directions: in which involution had to be faster, if no layer is replaced.

    Example:
        >>> of_choice({}, ["forward"])
        'No layer is replaced: in the place of none, involution was found faster forward.'
        >>> print(of_choice({"conv1": 7, "conv2": (3, 5), "conv3": 7}))
        Involution in the place of 3 layers:
          kernel size 7: conv1, conv3
          kernel size 3x5: conv2
    """
    if not sizes:
        faster = " and ".join(IN[direction] for direction in directions)
        return f"No layer is replaced: in the place of none, involution was found faster {faster}."
    by_size = defaultdict[int | str, list[str]](list)
    for path, size in sizes.items():
        by_size[by_sides(size)].append(path)
    parts = [f"Involution in the place of {units.counted(len(sizes), 'layer')}:"]
    for kernel_size, paths in by_size.items():
        text = f"kernel size {kernel_size}: {', '.join(paths)}"
        parts += wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(parts)


def of_whole(judged: pd.DataFrame) -> str:
    """Write a table of both models: times, parameters, MACs and peak memory.

    Args:
        judged: the judged records of a trial.

    Returns:
        The table, with one column where no layer was replaced; a sentence if nothing was measured.
    """
    whole = judged[(judged["sweep"] == WHOLE) & ~judged["is_twin"].astype(bool)]
    old = {str(row["direction"]): row for row in rows(whole[whole["is_baseline"]])}
    others = whole[~whole["is_baseline"] & (whole["operator"] != REST)]
    new = {str(row["direction"]): row for row in rows(others)}
    cells = {
        name: _values(old[direction], new.get(direction), key, ratio, among)
        for name, direction, key, ratio, among in LINES
        if direction in old
    }
    if not cells:
        return "The whole models could not be measured."
    columns = ["as it is", "with involution", "ratio"]
    table = pd.DataFrame.from_dict(cells, orient="index", columns=columns)
    row = next(iter(old.values()))
    images = units.counted(int(row["batch"]), "image")
    heading = f"For {images} of {row['height']} x {row['width']} pixels:"
    return f"{heading}\n{(table if new else table[columns[:1]]).to_string(line_width=WIDTH)}"


def _values(
    old: Row, new: Row | None, key: str, ratio: str, among: tuple[units.Unit, ...]
) -> tuple[str, str, str]:
    """Return a value of both models and its ratio, that of times with its interval."""
    before = units.quantity(float(old[key]), among)
    if new is None:
        return before, units.UNKNOWN, units.UNKNOWN
    times = units.ratio(float(new[ratio]))
    if ratio == "ratio":
        times += f" ({units.bracket(new['ratio_low'], new['ratio_high'])})"
    return before, units.quantity(float(new[key]), among), times
