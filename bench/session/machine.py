"""The machine and the software of a run, and how fast the machine is."""

import os
import subprocess
from pathlib import Path
from typing import Any

import keras
import numpy as np
import psutil
import tensorflow as tf
from pytest_benchmark.plugin import pytest_benchmark_generate_machine_info

from bench import cores, onednn
from bench.environment import settings
from bench.measure.noise import OtherLoad
from bench.session.peaks import peaks

# Settings that change what TensorFlow, oneDNN, XLA, BLAS and the allocator of memory do.
FLAG_PREFIXES = (
    *("INVOLUTION_", "TF_", "XLA_", "ONEDNN_", "DNNL_", "OMP_", "KMP_", "GOMP_"),
    *("MKL_", "OPENBLAS_", "BLIS_", "VECLIB_", "LD_PRELOAD", "MALLOC_", "GLIBC_TUNABLES"),
    *("CUDA_VISIBLE", "CUDA_LAUNCH", "CUDA_MODULE", "CUDNN_", "CUBLAS_", "NVIDIA_TF32", "NCCL_"),
)
# Settings with the same prefix that change no result: Terraform's, and TensorFlow's logging.
FOREIGN_PREFIXES = ("TF_CLI", "TF_VAR_", "TF_LOG", "TF_DATA_DIR", "TF_PLUGIN", "TF_CPP_")
GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


def machine_info() -> dict[str, Any]:
    """Describe the machine for a results file: pytest-benchmark's entries and our own.

    Returns:
        Plain values by name.
    """
    return complete(pytest_benchmark_generate_machine_info())


def complete(info: dict[str, Any]) -> dict[str, Any]:
    """Add our own entries to pytest-benchmark's, and drop those that change at any moment.

    Args:
        info: pytest-benchmark's entries; changed in place.

    Returns:
        The same.
    """
    info |= describe()
    for name in ("hz_actual", "hz_actual_friendly"):  # the clock at this moment
        info.get("cpu", {}).pop(name, None)
    return info


def describe() -> dict[str, Any]:
    """Describe this machine, in addition to pytest-benchmark's own entries.

    Returns:
        Counts, bytes and versions by name, all plain values that stay the same during a run.
    """
    accelerators = [
        tf.config.experimental.get_device_details(device).get("device_name", device.name)
        for device in tf.config.list_physical_devices()
        if device.device_type != "CPU"
    ]
    counts = cores.counts()
    threading = tf.config.threading
    return {
        **counts,
        # Unless a program sets a number, TensorFlow takes that of the environment, or all cores.
        "threads": {
            "intra_op": threading.get_intra_op_parallelism_threads()
            or _set_by("TF_NUM_INTRAOP_THREADS")
            or counts["usable_cores"],
            "inter_op": threading.get_inter_op_parallelism_threads()
            or _set_by("TF_NUM_INTEROP_THREADS")
            or counts["usable_cores"],
        },
        "governor": GOVERNOR.read_text().strip() if GOVERNOR.exists() else None,
        "memory_bytes": psutil.virtual_memory().total,
        "accelerators": accelerators,
        "driver": _driver() if accelerators else None,
        "cuda": tf.sysconfig.get_build_info().get("cuda_version"),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "blas": _blas(),
        "onednn": onednn.in_use(),
        "settings": settings(),
        "flags": {
            name: value
            for name, value in sorted(os.environ.items())
            if name.startswith(FLAG_PREFIXES) and not name.startswith(FOREIGN_PREFIXES)
        },
    }


def conditions() -> dict[str, float]:
    """Measure the state and the limits of this machine, in a few seconds.

    Returns:
        `load`: cores that other processes kept busy meanwhile; and what `peaks.peaks` returns. The
        system's own load average also counts what ended a minute ago.
    """
    others = OtherLoad()
    found = peaks()
    return {"load": round(others.cores(), 2), **found}


def _set_by(variable: str) -> int:
    """Read a number of threads from the environment; 0 where it is not set."""
    value = os.environ.get(variable, "")
    return int(value) if value.isdecimal() else 0


def _driver() -> str | None:
    """Return the version of NVIDIA's driver."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.partition("\n")[0].strip() or None


def _blas() -> str | None:
    """Name NumPy's BLAS and its version."""
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{found['name']} {found['version']}" if found.get("found") else None
