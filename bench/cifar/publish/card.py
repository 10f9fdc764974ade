"""The model card of a trained model: what a stranger must know before using it."""

import math
from collections.abc import Iterable, Iterator, Sequence

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from bench.cifar.publish.trained import TrainedModel
from reports.cifar.findings import comparison, interval
from reports.cifar.statistics import Estimate
from reports.text import units
from reports.text.machine import NOT_STATED, text

LICENCE = "apache-2.0"
# Of each data set: its name, and its id on the hub.
DATASETS = {
    "cifar10": ("CIFAR-10", "uoft-cs/cifar10"),
    "cifar100": ("CIFAR-100", "uoft-cs/cifar100"),
}
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

The weights are those after the last epoch; no epoch was chosen by its accuracy on the test images.
`run.json` has loss and accuracy after each epoch.

## Results

{results}

## Limits

{limits}

## Licence

The weights are licensed under Apache-2.0, as is the code that made them. The images of {dataset}
are not part of this repository; their authors ask to cite Alex Krizhevsky, "Learning Multiple
Layers of Features from Tiny Images", 2009. Involution is by Li et al., "Involution: Inverting the
Inherence of Convolution for Visual Recognition", CVPR 2021 (arXiv 2103.06255).
"""


def card(trained: TrainedModel, repository: str) -> ModelCard:
    """Write the model card, with the metadata that the hub reads.

    Args:
        trained: the model and its study.
        repository: USER/NAME, under which it is loaded.

    Returns:
        The card, whose metadata were parsed again.
    """
    dataset = _dataset(trained)[0]
    page = PAGE.format(
        title=f"{trained.run.model}, trained on {dataset}",
        dataset=dataset,
        introduction=_introduction(trained),
        use=_use(trained, repository),
        labels=_labels(trained),
        data=_data(trained),
        training=_table(("", ""), _training(trained)),
        results="\n\n".join(_results(trained)),
        limits="\n".join(f"- {limit}" for limit in _limits(trained)),
    )
    return ModelCard(f"---\n{_metadata(trained).to_yaml()}\n---\n\n{page}")


def _metadata(trained: TrainedModel) -> ModelCardData:
    dataset, identity = _dataset(trained)
    result = EvalResult(
        task_type=TASK,
        dataset_type=identity,
        dataset_name=dataset,
        dataset_split="test",
        metric_type="accuracy",
        metric_name="Test accuracy",
        metric_value=_last(trained, "val_accuracy"),
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


def _dataset(trained: TrainedModel) -> tuple[str, str]:
    return DATASETS[trained.study.record.data.dataset or "cifar10"]


def _last(trained: TrainedModel, metric: str) -> float:
    value: float = getattr(trained.run.history, metric)[-1]
    return round(value, 4)


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


def _use(trained: TrainedModel, repository: str) -> str:
    is_own = trained.run.operator == "involution"
    lines = [
        "import keras",
        *(["import involution  # the package whose layers the model has"] if is_own else []),
        "",
        f'model = keras.saving.load_model("hf://{repository}")',
        "logits = model.predict(images)  # (count, 32, 32, 3), RGB, from 0 to 1",
        "labels = logits.argmax(axis=-1)",
    ]
    return "\n".join(lines)


def _labels(trained: TrainedModel) -> str:
    names = trained.study.record.data.classes or []
    return f"Labels from 0 to {len(names) - 1}: {', '.join(names)}."


def _data(trained: TrainedModel) -> str:
    data = trained.study.record.data
    counts = [
        f"{count:,} {kind} images" if count else f"{kind} images"
        for count, kind in ((data.training_images, "training"), (data.test_images, "test"))
    ]
    sentences = [
        f"{_dataset(trained)[0]}, {' and '.join(counts)}, read from `{text(data.source)}`.",
        *(data.notes or ["They are the published files, by their checksums."]),
        f"SHA-256 of all images and labels: `{text(data.sha256)}`.",
    ]
    return " ".join(sentences)


def _training(trained: TrainedModel) -> Iterator[tuple[str, str]]:
    settings, machine = trained.study.record.settings, trained.study.record.machine_info
    commit = trained.study.record.commit_info
    yield "Seed", str(trained.run.seed)
    yield "Epochs", str(trained.run.epochs)
    yield "Batch", units.counted(settings.batch, "image") if settings.batch else NOT_STATED
    yield "Optimizer", f"{text(settings.optimizer)}, learning rate {text(settings.learning_rate)}"
    yield "Loss", "cross-entropy"
    yield "Augmentation", "flips and shifts at random" if settings.augment else "none"
    yield "Hardware", trained.hardware
    yield "Accelerators", text(machine.get("accelerators"))
    yield "Devices that trained together", text(settings.replicas)
    seconds = trained.summary.seconds
    if math.isfinite(seconds):
        yield "Time per epoch", f"{units.digits(seconds)} s, median over all seeds"
    yield "TensorFlow, Keras", ", ".join(text(machine.get(key)) for key in ("tensorflow", "keras"))
    changed = " with uncommitted changes" if commit.get("dirty") is True else ""
    yield "Commit", f"{text(commit.get('id'))}{changed}"


def _results(trained: TrainedModel) -> Iterator[str]:
    summary = trained.summary
    count = len(summary.runs)
    rows = [
        ("Test accuracy", _last(trained, "val_accuracy"), summary.accuracy),
        ("Test loss", _last(trained, "val_loss"), summary.loss),
        ("Training accuracy", _last(trained, "accuracy"), summary.training_accuracy),
    ]
    if count < 2:
        single = [(label, f"{value:.4f}") for label, value, _ in rows]
        yield _table(("after the last epoch", "this model"), single)
        yield "The study has one finished run of this model: how far seeds scatter is unknown."
    else:
        several = [(label, f"{value:.4f}", *_spread(over)) for label, value, over in rows]
        heads = (f"mean of {count} seeds (95 % interval)", "lowest to highest seed")
        yield _table(("after the last epoch", "this model", *heads), several)
    if trained.difference:
        yield comparison(trained.difference)


def _spread(over: Estimate) -> tuple[str, str]:
    return interval(over, 4), f"{min(over.values):.4f} to {max(over.values):.4f}"


def _limits(trained: TrainedModel) -> Iterator[str]:
    data = trained.study.record.data
    yield (
        f"It knows the {len(data.classes or [])} classes of {_dataset(trained)[0]} and images of "
        "32 x 32 pixels. It gives every other image one of these classes, too."
    )
    yield (
        "Measured were accuracy and loss on the test images, nothing else: no other data, no "
        "corrupted or hostile images, no groups of people or things, no calibration of the "
        "probabilities. It is made to compare operators, not to decide anything."
    )
    accuracy = _last(trained, "val_accuracy")
    if data.test_images:
        error = math.sqrt(accuracy * (1 - accuracy) / data.test_images)
        yield (
            f"{units.counted(data.test_images, 'test image')} leave a standard error of "
            f"{error:.4f} in its accuracy, which the interval over seeds does not cover."
        )
    lost = [run for run in trained.study.runs if run.model == trained.run.model]
    for state in ("diverged", "stopped"):
        seeds = [str(run.seed) for run in lost if run.state == state]
        if seeds:
            yield f"Not counted, since training {state}: seed {', '.join(seeds)}."
    yield from trained.run.notes


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
