"""The declaration of studies of training, the results of `python -m bench.cifar`."""

from pathlib import Path

from reports.cifar.load import NAME, read, recognises
from reports.sources.kind import Kind, drawn_by

CIFAR = Kind(
    name=NAME,
    title="Training on CIFAR",
    purpose="How well models with either operator learn",
    command="python -m bench.cifar",
    default=Path("results/cifar"),
    template="cifar.html",
    recognises=recognises,
    read=read,
    show=drawn_by("reports.cifar.view"),
)
