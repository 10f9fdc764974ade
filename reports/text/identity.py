"""What tells kinds of machines apart: their hardware, and their software with its settings."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from reports.text import machine, units

Keys = tuple[str, ...]

# By name, the path of keys in `machine_info`. Who owns a machine and what it is called is no part.
HARDWARE: Mapping[str, Keys] = {
    "processor": ("cpu", "brand_raw"),
    **{
        name: (name,)
        for name in ("machine", "cores", "usable_cores", "memory_bytes", "accelerators")
    },
}
SOFTWARE: Mapping[str, Keys] = {
    name: (name,)
    for name in (
        *("system", "python_version", "tensorflow", "keras", "numpy", "blas", "onednn", "cuda"),
        *("driver", "threads", "governor", "flags", "settings"),
    )
}

GIB = 2**30
# Letters of a processor's name, and of all accelerators' names, in the name of a folder.
LONGEST = 32
# Letters of a digest that tells names apart which are equal when shortened.
TELLING = 8


def hardware(machine_info: Mapping[str, Any]) -> dict[str, object]:
    """Return what makes machines of one kind.

    Args:
        machine_info: what results say of their machine.

    Returns:
        Plain values by name, null where not stated. The memory is rounded to whole GiB: systems
        keep different parts of it to themselves, on equal machines too. Of a processor's flags the
        widest vectors count: a server may call processors with different ones by one name.
    """
    found = {name: machine.dig(machine_info, path) for name, path in HARDWARE.items()}
    size = found["memory_bytes"]
    return {
        **found,
        "memory_bytes": round(size / GIB) * GIB if type(size) is int else None,
        "vectors": machine.vectors(machine_info),
    }


def software(machine_info: Mapping[str, Any]) -> dict[str, object]:
    """Return what two runs on equal machines can differ in, apart from the code.

    Args:
        machine_info: what results say of their machine.

    Returns:
        Versions and settings by name, null where not stated.
    """
    return {name: machine.dig(machine_info, path) for name, path in SOFTWARE.items()}


def machine_in_words(machine_info: Mapping[str, Any]) -> str:
    """Name a kind of machine for a reader.

    Args:
        machine_info: what results say of their machine.

    Example:
        >>> machine_in_words({"cpu": {"brand_raw": "EPYC"}, "cores": 2, "memory_bytes": 2**34})
        'EPYC, 2 cores, 16 GiB'
    """
    return hardware_in_words(hardware(machine_info))


def hardware_in_words(found: Mapping[str, object]) -> str:
    """Name a kind of machine for a reader, as `machine_in_words` does.

    Args:
        found: of `hardware`.
    """
    accelerators = machine.text(found["accelerators"] or None)
    processor = machine.processor_in_words(found["processor"], found["vectors"])
    parts = [processor, _cores(found), _usable(found), _memory(found)]
    return (
        ", ".join(part for part in [*parts, accelerators] if part not in ("", machine.NOT_STATED))
        or machine.NOT_STATED
    )


def differences(
    first: Mapping[str, object], second: Mapping[str, object]
) -> list[tuple[str, str, str]]:
    """Name in what two machines differ, and what either has.

    Args:
        first: of `hardware`, or of `software`.
        second: the same of another machine.

    Returns:
        Nothing if they are of one kind.

    Example:
        >>> one, other = ({**hardware({}), "memory_bytes": size * 2**30} for size in (8, 16))
        >>> differences(one, other)
        [('memory', '8 GiB', '16 GiB')]
    """
    return [
        (
            name.removesuffix("_bytes").replace("_", " "),
            _value(name, first[name]),
            _value(name, second[name]),
        )
        for name in first
        if first[name] != second[name]
    ]


def software_in_words(machine_info: Mapping[str, Any]) -> str:
    """Write all of the software and its settings as one string.

    Args:
        machine_info: what results say of their machine.

    Returns:
        Equal strings for equal software; nothing of what is not stated.
    """
    stated = {
        name: machine.text(value)
        for name, value in software(machine_info).items()
        if value not in (None, "", [], {})
    }
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in stated.items())


def folder_name(machine_info: Mapping[str, Any]) -> str:
    """Name a kind of machine so that a folder can have the name.

    Args:
        machine_info: what results say of their machine.

    Returns:
        Small letters, digits and hyphens; equal only for equal hardware.

    Example:
        >>> folder_name({"cpu": {"brand_raw": "AMD EPYC"}, "cores": 2, "memory_bytes": 2**34})
        'amd-epyc-2-cores-16-gib-4819d5bc'
    """
    return hardware_as_name(hardware(machine_info))


def hardware_as_name(found: Mapping[str, object]) -> str:
    """Name a kind of machine so that a file or a folder can have the name, as `folder_name` does.

    Args:
        found: of `hardware`.
    """
    digest = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    parts = [
        _plain(found["processor"]),
        _plain(found["vectors"]),
        _cores(found),
        _memory(found),
        _plain(machine.text(found["accelerators"] or "")),
        digest[:TELLING],
    ]
    return _hyphenated(" ".join(parts))


def _cores(found: Mapping[str, object]) -> str:
    cores = found["cores"]
    return units.counted(cores, "core") if type(cores) is int else ""


def _usable(found: Mapping[str, object]) -> str:
    """How many cores a run may use, where these are not all; or threads, if cores have several."""
    usable, cores = found["usable_cores"], found["cores"]
    if type(usable) is not int or usable == cores:
        return ""
    is_of_threads = type(cores) is int and usable > cores
    return f"{usable} usable threads" if is_of_threads else f"{usable} of them usable"


def _memory(found: Mapping[str, object]) -> str:
    size = found["memory_bytes"]
    return _value("memory_bytes", size) if isinstance(size, int) else ""


def _value(name: str, value: object) -> str:
    if name == "memory_bytes" and isinstance(value, int):
        return f"{value // GIB} GiB"
    return machine.text(value)


def _plain(name: object) -> str:
    return "" if name in (None, machine.NOT_STATED) else _hyphenated(str(name))[:LONGEST]


def _hyphenated(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
