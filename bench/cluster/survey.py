"""A look at the nodes of a cluster, before any work: which of them are of use."""

from collections.abc import Callable

from bench.cluster import hardware, kinds
from bench.cluster.nodes import ANSWERING, RayPlaces
from bench.cluster.places import Place
from bench.session.display import Display

# Seconds in which nodes must have installed what --runtime-env names: as long as Ray lets them.
INSTALLING = 600.0
# What helps where there are several kinds of nodes.
ONLY = "--only WORDS"


def survey(
    places: RayPlaces,
    display: Display,
    *,
    only: str | None,
    installs: bool = False,
    mixes_kinds: bool = False,
    way_out: str = ONLY,
) -> tuple[list[Place], Callable[[Place], str | None]]:
    """Check the nodes that there are.

    Args:
        places: the places of the cluster.
        display: where it says which nodes do not answer.
        only: words that a kind's name or a node's must contain, None for all.
        installs: whether the nodes install packages before they answer. Default False.
        mixes_kinds: whether nodes of several kinds may work. Default False.
        way_out: the options that a user has who has several. Default: to choose one.

    Returns:
        The places that are there, of use or not; and what says of a place why it is of no use, None
        for one that is.

    Raises:
        ClusterUsageError: if none is of use, or they are of several kinds that may not mix.
    """
    if installs:
        display.say(f"the nodes install what --runtime-env names: {INSTALLING:.0f} s at most")
    found, silent = places.survey(INSTALLING if installs else ANSWERING)
    for node, trouble in silent.items():
        display.say(f"{node} does not work yet: {trouble}")
    wanted = hardware.software()
    fitting = kinds.fitting(found, wanted, only, silent)
    if not mixes_kinds:
        kinds.check_one_kind(fitting, way_out)

    def why_not(place: Place) -> str | None:
        if not kinds.is_chosen(place, only):
            return f"--only {only} leaves it out: {kinds.kind(place)}"
        if not mixes_kinds and place.about != fitting[0].about:
            name, ours, theirs = kinds.difference(fitting[0].about, place.about)
            return f"it is of another kind: expected {name} {ours}. Received: {theirs}"
        return kinds.why_unfit(place, wanted)

    return found, why_not
