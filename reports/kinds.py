"""The kinds of results that lie in a folder, in the order in which the page shows them."""

from reports.cifar import CIFAR
from reports.folders import Kind
from reports.profile import PROFILE

KINDS: tuple[Kind, ...] = (CIFAR, PROFILE)
