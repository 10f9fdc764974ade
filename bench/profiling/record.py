"""The numbers of a run, as JSON next to its trace."""

from datetime import UTC, datetime
from pathlib import Path

from bench.commit import commit_info
from bench.profiling.numbers import evaluate
from bench.profiling.reading import read
from bench.session.machine import machine_info
from reports.profiling.record import (
    FORMAT,
    NUMBERS,
    ModelSubject,
    OperatorSubject,
    Trace,
    TraceNumbers,
)
from reports.sources.writing import write_json


def record(run: Path, subject: OperatorSubject | ModelSubject) -> TraceNumbers:
    """Read the trace of a run and write its numbers next to it.

    Args:
        run: the folder of the run, with a trace.
        subject: what was traced.

    Returns:
        The numbers.

    Raises:
        UnreadableTraceError: if the trace holds no steps.
    """
    numbers = evaluate(read(run))
    trace = Trace(
        format=FORMAT,
        run=run.name,
        datetime=datetime.now(UTC).isoformat(timespec="seconds"),
        machine_info=machine_info(),
        commit_info=commit_info(),
        subject=subject,
        **dict(numbers),
    )
    write_json(run / NUMBERS, trace.model_dump(mode="json"))
    return numbers
