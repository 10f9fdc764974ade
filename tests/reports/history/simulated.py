"""Archives as tables, with planted changes, without files."""

import hashlib

import numpy as np
import pandas as pd

from reports.history.commits import Commit, Commits

START = pd.Timestamp("2026-01-01", tz="UTC")
OPERATORS = (
    ("convolution", "keras", True),
    ("involution", "native", False),
    ("involution", "fused", False),
    ("depthwise convolution", "keras", False),
)
KERNELS = (3, 5, 7, 9)


def hash_of(number):
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def commits(count, address="https://example.org/owner/name"):
    """A repository whose commits follow each other, a day apart."""
    known = {
        hash_of(number): Commit(
            number,
            (START + pd.Timedelta(days=number)).isoformat(),
            f"Do {number}",
            (hash_of(number - 1),) if number else (),
        )
        for number in range(count)
    }
    return Commits(known, address)


def cases(kernels=KERNELS):
    """Operator, implementation, whether it is the baseline, direction and kernel of each series."""
    return [
        (*operator, direction, kernel)
        for direction in ("forward", "training")
        for kernel in kernels
        for operator in OPERATORS
    ]


def records(runs=30, noise=0.02, changes=(), seed=0, shared=0.0, kernels=KERNELS, **of_run):
    """The rows of an archive: one run of each commit.

    Args:
        runs: how many.
        noise: standard deviation of the logarithm of each value.
        changes: (operator, implementation, run, factor): from that run on all of its cases take
            that many times as long.
        seed: of the noise.
        shared: standard deviation of what all ratios of a run have in common.
        kernels: the cases.
        of_run: other values of the columns of the run.
    """
    random = np.random.default_rng(seed)
    rows = []
    for number in range(runs):
        when = START + pd.Timedelta(days=number)
        run = {
            "run": f"{of_run.get('hardware', 'here')}-{number}",
            "hardware": "here",
            "machine": "Processor, 2 cores",
            "commit": hash_of(number),
            "commit_time": when,
            "measured_at": when + pd.Timedelta(hours=1),
            "dirty": False,
            "sweep_size": "quick",
            "software": "TensorFlow 2.21",
            "source": f"{number}.json",
            **of_run,
        }
        load = random.normal(0, shared)
        for operator, implementation, is_baseline, direction, kernel in cases(kernels):
            ratio, seconds = np.exp(random.normal(0, noise, 2))
            ratio *= 1.0 if is_baseline else 0.2 * kernel / 3 * np.exp(load)
            for changed, form, place, factor in changes:
                if (changed, form) == (operator, implementation) and number >= place:
                    ratio *= 1 if is_baseline else factor
                    seconds *= factor
            rows.append(
                {
                    **run,
                    **_record(operator, implementation, direction, kernel),
                    "is_baseline": is_baseline,
                    **_judged("ratio", 1.0 if is_baseline else ratio),
                    **_judged("seconds", seconds * 1e-3),
                }
            )
    return pd.DataFrame(rows)


def _record(operator, implementation, direction, kernel):
    return {
        "series": f"{operator} {implementation} {direction} K{kernel}",
        "operator": operator,
        "implementation": implementation,
        "direction": direction,
        "executor": "graph",
        "batch": 8,
        "height": 32,
        "width": 32,
        "channels": 64,
        "filters": 64,
        "kernel_size": str(kernel),
        "strides": "1",
        "dilation_rate": None,
        "padding": None,
        "groups": 1,
        "dtype": "float32",
        "cache": "warm",
        "label": f"K{kernel}",
        "is_model": False,
        "is_twin": False,
        "is_measured": True,
    }


def _judged(name, value):
    return {name: value, f"{name}_low": 0.97 * value, f"{name}_high": 1.03 * value}
