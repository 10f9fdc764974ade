"""The numbers of a run, as JSON beside its trace."""

import platform
import socket
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import describe
from bench.profiling.numbers import Numbers, evaluate
from bench.profiling.reading import read
from bench.profiling.runs import FORMAT, NUMBERS, write


def record(run: Path, subject: Mapping[str, Any]) -> Numbers:
    """Read the trace of a run and write its numbers beside it.

    Args:
        run: the folder of the run, with a trace.
        subject: what was traced, plain values by name.

    Returns:
        The numbers.

    Raises:
        UnreadableTraceError: if the trace holds no steps.
    """
    numbers = evaluate(read(run))
    write(
        run / NUMBERS,
        {
            "format": FORMAT,
            "run": run.name,
            "datetime": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine_info": _machine(),
            "subject": dict(subject),
            **asdict(numbers),
        },
    )
    return numbers


def _machine() -> dict[str, Any]:
    return {
        "node": socket.gethostname(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "python_version": platform.python_version(),
        **describe(),
    }
