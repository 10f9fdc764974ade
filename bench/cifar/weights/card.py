"""The model card of the weights that come with the package."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.cifar import sections
from bench.cifar.weights.chosen import SEED, WEIGHTS
from bench.cifar.weights.files import WeightsFile
from involution.models.trained import CLASSES
from reports.cifar.findings import comparison
from reports.sources.files import shown_path
from reports.text.markdown import grid

PAGE = """\
# Models trained on {dataset}

Classifiers of colour images of 32 x 32 pixels, to try involution and convolution without training.
Each is one run of a study that compares the two operators.

{files}

The last column counts the images of `{sample}` that a model classifies correctly:
{each} test images of each class. `index.json` has these numbers and the SHA-256 of each file.
`python -m bench.cifar.weights` writes weights, index and this card.

## Use

```python
from involution.models import {model}

model = {model}(weights="{weights}")
logits = model.predict(images)  # (count, 32, 32, 3), RGB, from 0 to 1
labels = logits.argmax(axis=-1)
```

{labels}

A file is loaded only if its SHA-256 is that of the index. It holds arrays alone, so that loading it
runs no code.

## Data

{data}

## Training

{training}

{last_epoch} Neither was the seed: it is the first, {seed}, whatever its accuracy.

## Results

{results}

## Limits

{limits}

## Licence

{licence}
"""


def card(files: Sequence[WeightsFile], sample: Path, count: int) -> str:
    """Write the model card.

    Args:
        files: of one study.
        sample: the sheet of images they were tried on, a row per class.
        count: how many images it has.

    Returns:
        A page of Markdown.
    """
    first, names = files[0].model, [file.model.run.model for file in files]
    dataset = sections.dataset(first.study)[0]
    return PAGE.format(
        dataset=dataset,
        files=_table(files, count),
        sample=shown_path(sample.as_posix()),
        each=count // CLASSES[WEIGHTS],
        model=names[0],
        weights=WEIGHTS,
        labels=sections.labels(first.study),
        data=sections.data(first.study),
        training=sections.training(first),
        last_epoch=sections.LAST_EPOCH,
        seed=SEED,
        results="\n\n".join(_results(files)),
        limits="\n".join(f"- {limit}" for limit in _limits(files)),
        licence=sections.LICENCE.format(
            images=f"The images of {dataset} are not part of the package."
        ),
    )


def _table(files: Sequence[WeightsFile], count: int) -> str:
    head = ["model", "spatial operator", "parameters", "bytes", "test accuracy", "on the sample"]
    rows = [
        [
            file.model.run.model,
            file.model.run.operator,
            f"{file.model.run.parameters:,}",
            f"{file.bytes:,}",
            f"{sections.last(file.model, 'val_accuracy'):.4f}",
            f"{file.correct} of {count}",
        ]
        for file in files
    ]
    return grid(head, rows, 2)


def _results(files: Sequence[WeightsFile]) -> Iterator[str]:
    for file in files:
        yield f"### {file.model.run.model}"
        yield from sections.results(file.model)
        if file.model.difference:
            yield comparison(file.model.difference, timed=False)


def _limits(files: Sequence[WeightsFile]) -> Iterator[str]:
    yield from sections.limits(files[0].model.study)
    for file in files:
        for limit in sections.limits_of(file.model):
            yield f"{file.model.run.model}: {limit}"
