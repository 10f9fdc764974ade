"""Values that all nodes of a cluster can get, each node once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import ray


def shared(value: Any) -> Callable[[], Any]:
    """Put a value where the nodes of the cluster find it that this process is connected to.

    Args:
        value: anything that can be pickled; arrays are not copied within a node.

    Returns:
        A function that returns the value on any node, and that can be pickled itself.
    """
    return partial(ray.get, ray.put(value))
