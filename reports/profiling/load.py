"""A folder of `python -m bench.profiling` to checked traces."""

from pathlib import Path

from reports.profiling.record import FORMAT, MARKER, NUMBERS, Trace
from reports.sources.files import UnreadableError, read_json, showable, shown_path
from reports.sources.kind import Source
from reports.sources.validation import check_format, checked
from reports.text.machine import hardware, origin

NAME = "profile"
HINT = "run `python -m bench.profiling` first to make one"


def recognises(path: Path) -> bool:
    """Say whether a path is a folder of this kind."""
    return (path / MARKER).is_file()


def read(path: Path) -> Source:
    """Read a folder of traces; what is wrong with one trace stops no other.

    Args:
        path: a folder that holds `MARKER`.

    Returns:
        A folder whose content is a list of `Trace`, by the time they were made.

    Raises:
        UnreadableError: if it holds no valid trace of this format.
    """
    _document(path / MARKER)
    traces, problems = [], []
    for file in sorted(path.glob(f"*/{NUMBERS}")):
        try:
            traces.append(checked(Trace, _document(file)))
        except UnreadableError as error:
            problems.append((shown_path(file), str(error)))
    if not traces:
        reasons = "".join(f"; {file}: {reason}" for file, reason in problems)
        raise UnreadableError(f"holds no trace with numbers; {HINT}{reasons}")
    traces.sort(key=lambda trace: trace.datetime)
    newest = traces[-1]
    return Source(
        kind=NAME,
        path=shown_path(path),
        name=shown_path(path.name),
        origin=origin(newest.machine_info, newest.datetime),
        hardware=hardware(newest.machine_info),
        content=traces,
        problems=problems,
    )


def _document(file: Path) -> object:
    """Read a file of the known format."""
    document = showable(read_json(file, HINT))
    try:
        check_format(document, known=(FORMAT,))
    except UnreadableError as error:
        raise UnreadableError(f"{file.name}: {error}") from None
    return document
