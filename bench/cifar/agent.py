"""The work of a node's agent: a process for each run, whose epochs it returns one by one."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bench.cluster.linked import LinkedProcess


class TrainingWork:
    """Does what the driver asks for; it travels to the node without its process.

    Args:
        images: returns the data set, where it is needed.
    """

    def __init__(self, images: Callable[[], Any]) -> None:
        self._images = images
        self._process: LinkedProcess | None = None

    def __reduce__(self) -> tuple[type["TrainingWork"], tuple[Callable[[], Any]]]:
        return TrainingWork, (self._images,)

    def __call__(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Begin what is asked for, or go on with it.

        Args:
            request: `asked`: "machine", "train", or "go on" for the next answer; and what
                `bench.cifar.node` needs for it.

        Returns:
            What the process sends next.

        Raises:
            ProcessEndedError: if it ends before.
        """
        if request["asked"] != "go on":
            self._begin(request)
        assert self._process is not None, "only what was begun goes on"
        answer: Mapping[str, Any] = self._process.received()
        if answer["is_done"]:
            self._process.end()
        return answer

    def _begin(self, request: Mapping[str, Any]) -> None:
        if self._process is not None:
            self._process.end()
        self._process = LinkedProcess(
            lambda link, _: (sys.executable, "-m", "bench.cifar.node", str(link)), Path.cwd()
        )
        images = {"images": self._images()} if request["asked"] == "train" else {}
        self._process.send({**request, **images})
