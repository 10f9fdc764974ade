"""A study on a Ray cluster: `python -m bench.cifar --address ADDRESS`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bench
from bench.cifar.agent import TrainingWork
from bench.cifar.data import Dataset
from bench.cifar.runs import PlannedRun
from bench.cifar.settings import Settings
from bench.cifar.spread import ClusterStudy
from bench.cluster import code
from bench.cluster.connection import connected
from bench.cluster.display import Display
from bench.cluster.errors import ClusterError
from bench.cluster.nodes import RayPlaces
from bench.cluster.shared import shared
from bench.cluster.survey import survey

ROOT = Path(bench.__file__).parents[1]


def train_all(
    runs: Sequence[PlannedRun],
    *,
    address: str,
    only: str | None,
    limit: float | None,
    settings: Settings,
    images: Dataset,
    begin: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> int:
    """Train all runs that are not trained yet on the nodes of a cluster.

    Args:
        runs: all of a study, in order.
        address: of the cluster.
        only: words that the hardware or the name of a node must contain, None for all.
        limit: seconds for an epoch, after which it is trained elsewhere; None for no limit.
        settings: what the runs have in common.
        images: the data set; it is sent to the nodes.
        begin: begins or resumes the study on disk for the machine of the first node; returns the
            machine on which the study began.

    Returns:
        How many runs are trained to the end.

    Raises:
        ClusterUsageError: if the options cannot be followed.
        ClusterError: if the cluster could not finish.
    """
    display = Display()
    with code.copied(ROOT) as folder, connected(address, {"working_dir": str(folder)}):
        places = RayPlaces(TrainingWork(shared(images)))
        found, why_not = survey(places, display, only=only, mixes_kinds=False)
        owner = ClusterStudy(places, runs, settings, begin, why_not, display=display, limit=limit)
        try:
            owner.scheduler.run(found)
        finally:
            display.end()
    if not owner.has_begun:
        raise ClusterError("no node could train")
    return owner.trained
