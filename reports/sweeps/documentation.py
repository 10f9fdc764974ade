"""The documentation of the results file, made from its declaration.

`python -m reports.sweeps.documentation` writes `docs/record.md` and `docs/record.schema.json`.
"""

import json
import sys
from pathlib import Path

from reports.sources.validation import documentation
from reports.sources.writing import write_text
from reports.sweeps.document import ResultsFile, Shard, Suite
from reports.sweeps.model.description import LayerDescription, ModelDescription, Replacement
from reports.sweeps.record import FORMAT, Record

DOCS = Path("docs")
TABLES, SCHEMA = "record.md", "record.schema.json"

PAGE = """\
# The results file

`pytest bench --benchmark-only` writes a JSON file of pytest-benchmark with keys of this suite.
This page describes format {format}; `python -m reports` reads format 1 too. `{schema}` in the same
folder is the JSON Schema of a record. Both are made from `reports/sweeps/record.py` and
`reports/sweeps/document.py`: `python -m reports.sweeps.documentation` writes them again.

## A record

`extra_info` of each benchmark; an entry of `unmeasured` has the same keys. Seconds, bytes and
counts are plain numbers in SI units. A value that could not be measured is null, with the reason
in `notes`.

{record}

## The top of the file

{file}

`suite`:

{suite}

## A part of a plan

`shard`, where the run had the option `--shard`. `python -m reports merge` joins the parts.

{shard}

## The model

`model`, where the layers of a model were measured. Their records are those of the sweep `layers`;
those of the whole model are in the sweep `model`.

{model}

An entry of `layers`:

{layer}

An entry of `replaced`:

{replacement}
"""


def page() -> str:
    """Write the tables of all keys, in Markdown."""
    return PAGE.format(
        format=FORMAT,
        schema=SCHEMA,
        record=documentation(Record),
        file=documentation(ResultsFile),
        suite=documentation(Suite),
        shard=documentation(Shard),
        model=documentation(ModelDescription),
        layer=documentation(LayerDescription),
        replacement=documentation(Replacement),
    )


def json_schema() -> str:
    """Write the JSON Schema of a record."""
    return json.dumps(Record.model_json_schema(), indent=1) + "\n"


def main() -> int:
    """Write both files into `docs` of the current folder.

    Returns:
        The exit status.
    """
    for name, text in ((TABLES, page()), (SCHEMA, json_schema())):
        write_text(DOCS / name, text)
        print(DOCS / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
