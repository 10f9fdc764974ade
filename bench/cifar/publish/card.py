"""The model card of a published model: what a stranger must know before using it."""

import math
from collections.abc import Iterator

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from bench.cifar import sections
from bench.cifar.trained import TrainedModel
from reports.cifar.findings import comparison
from reports.text import units

LICENCE = "apache-2.0"
TASK = "image-classification"

PAGE = """\
# {title}

{introduction}

## Use

```python
{use}
```

{labels}

## Data

{data}

## Training

{training}

{last_epoch} `run.json` has loss and accuracy after each epoch.

## Results

{results}

## Limits

{limits}

## Licence

{licence}
"""


def card(trained: TrainedModel, repository: str) -> ModelCard:
    """Write the model card, with the metadata that the hub reads.

    Args:
        trained: the model and its study.
        repository: USER/NAME, under which it is loaded.

    Returns:
        The card, whose metadata were parsed again.
    """
    study = trained.study
    dataset = sections.dataset(study)[0]
    limits = [*sections.limits(study), *sections.limits_of(trained)]
    page = PAGE.format(
        title=f"{trained.run.model}, trained on {dataset}",
        introduction=_introduction(trained),
        use="\n".join(_use(trained, repository)),
        labels=sections.labels(study),
        data=sections.data(study),
        training=sections.training(trained),
        last_epoch=sections.LAST_EPOCH,
        results="\n\n".join(_results(trained)),
        limits="\n".join(f"- {limit}" for limit in limits),
        licence=sections.LICENCE.format(
            images=f"The images of {dataset} are not part of this repository."
        ),
    )
    return ModelCard(f"---\n{_metadata(trained).to_yaml()}\n---\n\n{page}")


def _metadata(trained: TrainedModel) -> ModelCardData:
    dataset, identity = sections.dataset(trained.study)
    result = EvalResult(
        task_type=TASK,
        dataset_type=identity,
        dataset_name=dataset,
        dataset_split="test",
        metric_type="accuracy",
        metric_name="Test accuracy",
        metric_value=sections.last(trained, "val_accuracy"),
    )
    return ModelCardData(
        license=LICENCE,
        library_name="keras",
        pipeline_tag=TASK,
        tags=["involution", trained.run.operator, dataset.lower()],
        datasets=[identity],
        metrics=["accuracy"],
        model_name=f"{trained.run.model}, seed {trained.run.seed}",
        eval_results=[result],
    )


def _introduction(trained: TrainedModel) -> str:
    run = trained.run
    sentence = (
        f"A classifier of colour images of 32 x 32 pixels, with {run.operator} as its spatial "
        f"operator and {units.counted(run.parameters, 'trainable parameter')}. It is one run of a "
        "study that compares convolution and involution."
    )
    if run.baseline:
        sentence += f" Its baseline is {run.baseline} ({run.comparison})."
    return sentence


def _results(trained: TrainedModel) -> Iterator[str]:
    yield from sections.results(trained)
    seconds = trained.summary.seconds
    if math.isfinite(seconds):
        yield f"Training took {units.digits(seconds)} s per epoch, the median over all seeds."
    if trained.difference:
        yield comparison(trained.difference)


def _use(trained: TrainedModel, repository: str) -> Iterator[str]:
    yield "import keras"
    if trained.run.operator == "involution":
        yield "import involution  # the package whose layers the model has"
    yield ""
    yield f'model = keras.saving.load_model("hf://{repository}")'
    yield "logits = model.predict(images)  # (count, 32, 32, 3), RGB, from 0 to 1"
    yield "labels = logits.argmax(axis=-1)"
