"""The documentation of the files of traces, made from their declaration.

`python -m reports.profiling.documentation` writes `docs/traces.md`.
"""

from pathlib import Path

from reports.profiling.record import FORMAT, ModelSubject, OperationTime, OperatorSubject, Trace
from reports.sources.validation import documentation
from reports.sources.writing import write_text

FILE = Path("docs", "traces.md")

PAGE = """\
# The files of traces

`python -m bench.profiling` writes a folder with `profile.json`, which marks it and holds the
format, {format}, and with a folder for each run: a trace for TensorBoard, and its numbers in
`numbers.json`. This page is made from `reports/profiling/record.py`:
`python -m reports.profiling.documentation` writes it again.

## numbers.json

{trace}

`subject` of an operator:

{operator}

`subject` of a model:

{model}

Each of `operations`:

{operation}
"""


def page() -> str:
    """Write the tables of all keys, in Markdown."""
    return PAGE.format(
        format=FORMAT,
        trace=documentation(Trace),
        operator=documentation(OperatorSubject),
        model=documentation(ModelSubject),
        operation=documentation(OperationTime),
    )


if __name__ == "__main__":
    write_text(FILE, page())
    print(FILE)
