"""A study of two models whose training is finished, without having trained them."""

import keras

from bench.cifar.models import candidate
from bench.cifar.progress import after_epoch, begin
from bench.cifar.store import Store
from reports.cifar.record import FORMAT, MARKER, StudyData, StudyRecord, StudySettings
from reports.sources.writing import write_json

CLASSES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
# Of the three seeds of tutorial_inn, after the last epoch.
ACCURACIES = (0.46, 0.43, 0.45)


def write_study(folder):
    """Write a study into a folder: three seeds of an involutional network, one of its baseline."""
    record = StudyRecord(
        format=FORMAT,
        datetime="2026-01-01T00:00:00+00:00",
        settings=StudySettings(
            models=["tutorial_cnn", "tutorial_inn"],
            seeds=3,
            epochs=2,
            batch=256,
            learning_rate=1e-3,
            augment=False,
            optimizer="Adam",
            replicas=1,
        ),
        data=StudyData(
            dataset="cifar10",
            source="cifar-10-batches-py",
            notes=["They are a compressed copy."],
            training_images=50_000,
            test_images=10_000,
            classes=CLASSES,
            sha256="0" * 64,
        ),
        machine_info={
            "node": "secret-host",
            "cores": 2,
            "tensorflow": "2.21.0",
            "keras": "3.15.1",
            "accelerators": [],
        },
    )
    write_json(folder / MARKER, record.model_dump(mode="json"))
    write_run(folder, "tutorial_cnn", 0, (0.6, 0.72))
    for seed, accuracy in enumerate(ACCURACIES):
        write_run(folder, "tutorial_inn", seed, (0.3, accuracy))


def write_run(study, name, seed, accuracies):
    """Write a run with its model, as training leaves it after its last epoch."""
    model = candidate(name)
    keras.utils.set_random_seed(seed)
    network = model.build(len(CLASSES))
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.optimizer.build(network.trainable_variables)
    run = begin(model, seed, network)
    for accuracy in accuracies:
        metrics = {"loss": 1.5, "accuracy": accuracy + 0.05, "val_loss": 1.6}
        run = after_epoch(run, 10.0, {**metrics, "val_accuracy": accuracy})
    store = Store(study / name / f"seed-{seed}")
    store.save(network, run)
    store.finish(run, {})
