"""What a node says of itself: the hardware and the software that tell kinds of nodes apart."""

import platform
import subprocess
from importlib import metadata
from typing import Any

import psutil
from pytest_benchmark.plugin import get_cpu_info

from bench import cores
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


def describe(gpus: int) -> dict[str, Any]:
    """Describe the place at which this process runs; it may use the cores of the place alone.

    Args:
        gpus: how many GPUs the place has, 0 or 1.

    Returns:
        `hardware` and `software`, each with plain values by name. The hardware is what results that
        are measured here say of their machine, but for accelerators that are not NVIDIA's.
    """
    names, drivers = _gpus() if gpus else ([], [])
    return {
        "hardware": identity.hardware(
            {
                "cpu": get_cpu_info(),
                "machine": platform.machine(),
                **cores.counts(),
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
