"""The kinds of results that lie in a folder, in the order in which the page shows them."""

from reports.cifar.kind import CIFAR
from reports.profiling.kind import PROFILE
from reports.sources.kind import Kind

KINDS: tuple[Kind, ...] = (CIFAR, PROFILE)
