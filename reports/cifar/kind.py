"""The declaration of studies of training, the results of `python -m bench.cifar`."""

from pathlib import Path

from reports.cifar.load import NAME, read, recognises
from reports.cifar.view import show
from reports.sources.kind import Kind

CIFAR = Kind(
    name=NAME,
    title="Training on CIFAR",
    purpose="How well models with either operator learn is not in these results",
    command="python -m bench.cifar",
    default=Path("results/cifar"),
    template="cifar.html",
    recognises=recognises,
    read=read,
    show=show,
)
