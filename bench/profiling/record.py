"""The numbers of a run, as JSON beside its trace."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_benchmark.utils import get_commit_info

from bench.profiling.numbers import Numbers, evaluate
from bench.profiling.reading import read
from bench.profiling.runs import FORMAT, NUMBERS, write
from bench.session.machine import machine_info


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
            "machine_info": machine_info(),
            "commit_info": get_commit_info(),
            "subject": dict(subject),
            **asdict(numbers),
        },
    )
    return numbers
