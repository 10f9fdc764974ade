"""The documentation of the files of a study, made from their declaration.

`python -m reports.cifar.documentation` writes `docs/study.md`.
"""

from pathlib import Path

from reports.cifar.record import (
    FORMAT,
    History,
    StudyData,
    StudyRecord,
    StudySettings,
    TrainingRun,
)
from reports.sources.validation import documentation
from reports.sources.writing import write_text

FILE = Path("docs", "study.md")

PAGE = """\
# The files of a study of training

`python -m bench.cifar` writes a folder of files. This page describes format {format};
`python -m reports` reads format 1 too, in which `parameters` include non-trainable ones. It is made
from `reports/cifar/record.py`: `python -m reports.cifar.documentation` writes it again.

| file | |
| --- | --- |
| `cifar.json` | what all runs have in common |
| `images.npz` | 25 training images, and the ten test images of the kernel maps |
| `MODEL/seed-N/run.json` | what is known of one run |
| `MODEL/seed-N/epoch-E.keras` | the model after epoch E, from which training is resumed |
| `MODEL/seed-N/model.keras` | the trained model |
| `MODEL/seed-N/kernels.npz` | kernel maps of its involution layers |

## cifar.json

{study}

`settings`:

{settings}

`data`:

{data}

## run.json

{run}

`history`:

{history}
"""


def page() -> str:
    """Write the tables of all keys, in Markdown."""
    return PAGE.format(
        format=FORMAT,
        study=documentation(StudyRecord),
        settings=documentation(StudySettings),
        data=documentation(StudyData),
        run=documentation(TrainingRun),
        history=documentation(History),
    )


if __name__ == "__main__":
    write_text(FILE, page())
    print(FILE)
