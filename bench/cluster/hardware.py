"""What a node says of itself: the hardware and the software that tell kinds of nodes apart."""

import os
import platform
import subprocess
from importlib import metadata
from typing import Any

import psutil
from pytest_benchmark.plugin import get_cpu_info

from reports.text import identity

# Packages that decide what is measured. TensorFlow may be installed under another name.
PACKAGES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu", "tensorflow-rocm", "tensorflow-macos"),
    "Keras": ("keras",),
    "NumPy": ("numpy",),
    "Ray": ("ray",),
}
# What must be as it is where the command was started.
SHARED = ("Python", "TensorFlow", "Keras", "Ray")
QUERY = ("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")


def software() -> dict[str, str | None]:
    """Return the versions of what measures, None for what is not installed; nothing is imported."""
    return {
        "Python": platform.python_version(),
        **{name: _version(names) for name, names in PACKAGES.items()},
    }


def describe(cores: int, gpus: int) -> dict[str, Any]:
    """Describe the place at which this process runs.

    Args:
        cores: how many cores the place has.
        gpus: how many GPUs it has, 0 or 1.

    Returns:
        `hardware` and `software`, each with plain values by name.
    """
    names, drivers = _gpus() if gpus else ([], [])
    return {
        # What results say of their machine, for the part of it that the place has.
        "hardware": identity.hardware(
            {
                "cpu": {
                    "brand_raw": get_cpu_info().get("brand_raw")
                    or platform.processor()
                    or "unknown"
                },
                "machine": platform.machine(),
                "cores": cores,
                "memory_bytes": psutil.virtual_memory().total,
                "accelerators": (names or ["GPU"])[:1] if gpus else [],
            }
        ),
        "software": {
            **software(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "driver": next(iter(drivers), None),
        },
    }


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _version(names: tuple[str, ...]) -> str | None:
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def _gpus() -> tuple[list[str], list[str]]:
    """Return the names of NVIDIA's GPUs, and the versions of their driver."""
    try:
        answer = subprocess.run(QUERY, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return [], []
    rows = [line.rsplit(",", 1) for line in answer.stdout.splitlines() if "," in line]
    return [name.strip() for name, _ in rows], [driver.strip() for _, driver in rows]
