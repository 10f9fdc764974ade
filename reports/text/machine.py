"""What results say of the machine and commit that they were measured on."""

from collections.abc import Callable, Mapping
from typing import Any

from reports.text import units

NOT_STATED = "not stated"


def text(value: object) -> str:
    """Write a value of a results file for a reader.

    Args:
        value: parsed JSON.

    Returns:
        A string; `NOT_STATED` for null, an empty string or an empty object.
    """
    if value is None or value == "":
        return NOT_STATED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(text, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {text(item)}" for key, item in value.items()) or NOT_STATED
    return str(value)


def _bytes(value: object) -> str:
    return units.quantity(value, units.BYTES) if type(value) is int else text(value)


# Label, the path of keys that leads to the value, and how it is written.
MACHINE: tuple[tuple[str, tuple[str, ...], Callable[[object], str]], ...] = (
    ("Computer", ("node",), text),
    ("Processor", ("cpu", "brand_raw"), text),
    ("Cores", ("cores",), text),
    ("Threads", ("threads",), text),
    ("Memory", ("memory_bytes",), _bytes),
    ("Accelerators", ("accelerators",), text),
    ("System", ("system",), text),
    ("System release", ("release",), text),
    ("Architecture", ("machine",), text),
    ("Python", ("python_version",), text),
    ("TensorFlow", ("tensorflow",), text),
    ("Keras", ("keras",), text),
    ("oneDNN", ("onednn",), text),
    ("NumPy", ("numpy",), text),
    ("BLAS", ("blas",), text),
    ("CUDA", ("cuda",), text),
    ("Driver", ("driver",), text),
    ("Governor", ("governor",), text),
    ("Flags", ("flags",), text),
)
# By the flag of a processor, the name of its vectors, widest first.
VECTORS = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "sve": "SVE", "asimd": "NEON"}
COMMIT = (("Commit", "id"), ("Branch", "branch"), ("Uncommitted changes", "dirty"))


def origin(machine_info: Mapping[str, Any], datetime: str) -> str:
    """Say where and when results of any kind were measured, in a few words.

    Args:
        machine_info: what they say of their machine.
        datetime: when they were measured, in ISO 8601.

    Returns:
        Processor, cores and day; nothing of what is not stated.
    """
    parts = [hardware(machine_info), datetime[:10] or NOT_STATED]
    return ", ".join(part for part in parts if part != NOT_STATED)


def hardware(machine_info: Mapping[str, Any]) -> str:
    """Name a machine by its processor and number of cores.

    Args:
        machine_info: what results say of their machine.
    """
    cores = machine_info.get("cores")
    parts = [
        processor_in_words(dig(machine_info, ("cpu", "brand_raw")), vectors(machine_info)),
        units.counted(cores, "core") if type(cores) is int else NOT_STATED,
    ]
    return ", ".join(part for part in parts if part != NOT_STATED) or NOT_STATED


def vectors(machine_info: Mapping[str, Any]) -> str | None:
    """Name the widest vectors that a processor computes with.

    Args:
        machine_info: what results say of their machine.

    Returns:
        None where the processor's flags are not stated, or name none of `VECTORS`.
    """
    flags = dig(machine_info, ("cpu", "flags"))
    stated = {flag for flag in flags if isinstance(flag, str)} if isinstance(flags, list) else set()
    return next((name for flag, name in VECTORS.items() if flag in stated), None)


def processor_in_words(brand: object, widest: object) -> str:
    """Name a processor for a reader.

    Args:
        brand: its name.
        widest: what `vectors` returns.

    Example:
        >>> processor_in_words("AMD EPYC", "AVX2")
        'AMD EPYC with AVX2'
    """
    stated = [text(part) for part in (brand, widest) if text(part) != NOT_STATED]
    return " with ".join(stated) or NOT_STATED


def computer(
    machine_info: Mapping[str, Any], commit_info: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """List what is known of a machine, its software and the commit.

    Args:
        machine_info: what a file or folder of results says of them.
        commit_info: likewise.

    Returns:
        Pairs of a label and a string; `NOT_STATED` where a value is missing.
    """
    return [
        *((label, write(dig(machine_info, keys))) for label, keys, write in MACHINE),
        *((label, text(commit_info.get(key))) for label, key in COMMIT),
    ]


def dig(value: Any, keys: tuple[str, ...]) -> object:
    """Follow a path of keys into nested objects.

    Args:
        value: parsed JSON.
        keys: from the outermost object inwards.

    Returns:
        The value; None where a key is missing.
    """
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
