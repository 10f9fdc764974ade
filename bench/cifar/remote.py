"""A study on a Ray cluster: `python -m bench.cifar --address ADDRESS`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bench
from bench.cifar.agent import TrainingWork
from bench.cifar.data import Dataset
from bench.cifar.options import StudyOptions
from bench.cifar.runs import PlannedRun
from bench.cifar.spread import ClusterStudy
from bench.cluster import code
from bench.cluster.connection import check, connected
from bench.cluster.errors import ClusterError
from bench.cluster.nodes import RayPlaces
from bench.cluster.options import runtime_env
from bench.cluster.shared import shared
from bench.cluster.survey import survey
from bench.session.display import Display

ROOT = Path(bench.__file__).parents[1]


def train_all(
    runs: Sequence[PlannedRun],
    *,
    options: StudyOptions,
    images: Dataset,
    begin: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> int:
    """Train all runs that are not trained yet on the nodes of a cluster.

    Args:
        runs: all of a study, in order.
        options: what the command line asks for; it has an address.
        images: the data set; it is sent to the nodes.
        begin: begins or resumes the study on disk for the machine of the first node; returns the
            machine on which the study began.

    Returns:
        How many runs are trained to the end.

    Raises:
        ClusterUsageError: if the options cannot be followed.
        ClusterError: if the cluster could not finish.
    """
    display, environment = Display(), runtime_env(options.runtime_env)
    check(options.address, environment)
    with (
        code.copied(ROOT) as folder,
        connected(options.address, {**environment, "working_dir": str(folder)}),
    ):
        places = RayPlaces(TrainingWork(shared(images)))
        found, why_not = survey(places, display, only=options.only, installs=bool(environment))
        owner = ClusterStudy(
            places,
            runs,
            options.settings,
            begin,
            why_not,
            display=display,
            limit=options.timeout,
        )
        try:
            owner.scheduler.run(found)
        finally:
            display.end()
    if not owner.has_begun:
        raise ClusterError("no node could train")
    return owner.trained
