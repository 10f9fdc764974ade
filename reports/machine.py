"""What a file says of the machine and commit that it was measured on."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from reports import units
from reports.load import Run

NOT_STATED = "not stated"


def _text(value: object) -> str:
    if value is None or value == "":
        return NOT_STATED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items()) or NOT_STATED
    return str(value)


def _bytes(value: object) -> str:
    return units.quantity(value, units.BYTES) if type(value) is int else _text(value)


def _rate(value: float | None, among: tuple[units.Unit, ...], what: str) -> str:
    if value is None:
        return NOT_STATED
    return f"{units.quantity(value, among)}{what}"


# Label, the path of keys that leads to the value, and how it is written.
MACHINE: tuple[tuple[str, tuple[str, ...], Callable[[object], str]], ...] = (
    ("Computer", ("node",), _text),
    ("Processor", ("cpu", "brand_raw"), _text),
    ("Cores", ("cores",), _text),
    ("Threads", ("threads",), _text),
    ("Memory", ("memory_bytes",), _bytes),
    ("Accelerators", ("accelerators",), _text),
    ("System", ("system",), _text),
    ("System release", ("release",), _text),
    ("Architecture", ("machine",), _text),
    ("Python", ("python_version",), _text),
    ("TensorFlow", ("tensorflow",), _text),
    ("Keras", ("keras",), _text),
    ("oneDNN", ("onednn",), _text),
    ("NumPy", ("numpy",), _text),
    ("BLAS", ("blas",), _text),
    ("CUDA", ("cuda",), _text),
    ("Governor", ("governor",), _text),
    ("Flags", ("flags",), _text),
)
COMMIT = (("Commit", "id"), ("Branch", "branch"), ("Uncommitted changes", "dirty"))


def facts(run: Run) -> list[tuple[str, str]]:
    """List what is known of a run's machine, software and commit; a gap is said, not hidden.

    Args:
        run: one of `load.Results.runs`.

    Returns:
        Pairs of a label and a text.
    """
    return [
        ("File", run.path),
        ("Measured", _text(run.datetime)),
        ("Sweep size", _text(run.sweep_size)),
        ("Records", str(run.records)),
        *((label, write(_dig(run.machine_info, keys))) for label, keys, write in MACHINE),
        ("Peak compute", _rate(run.conditions.get("peak_flops"), units.COUNTS, "FLOPs/s")),
        ("Copy bandwidth", _rate(run.conditions.get("peak_bandwidth"), units.BYTES, "/s")),
        ("Load before", _text(run.conditions.get("load"))),
        *((label, _text(run.commit_info.get(key))) for label, key in COMMIT),
        ("pytest-benchmark", _text(run.benchmark_version)),
    ]


def label(run: Run) -> str:
    """Name a run in a few words: its file, its processor and the day.

    Args:
        run: one of `load.Results.runs`.
    """
    cores = run.machine_info.get("cores")
    parts = [
        Path(run.path).name,
        _text(_dig(run.machine_info, ("cpu", "brand_raw"))),
        f"{cores} cores" if type(cores) is int else NOT_STATED,
        run.datetime[:10] or NOT_STATED,
    ]
    return ", ".join(part for part in parts if part != NOT_STATED)


def _dig(value: Any, keys: tuple[str, ...]) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
