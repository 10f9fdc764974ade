"""Training on CIFAR: reading, statistics, figures and words of `python -m bench.cifar`."""

from pathlib import Path

from reports.cifar.load import MARKER, read
from reports.cifar.view import show
from reports.sources.kind import Kind

CIFAR = Kind(
    name="cifar",
    title="Training on CIFAR",
    purpose="How well models with either operator learn is not in these results",
    command="python -m bench.cifar",
    default=Path("results/cifar"),
    marker=MARKER,
    template="cifar.html",
    read=read,
    show=show,
)
