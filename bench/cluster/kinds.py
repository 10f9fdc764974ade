"""Kinds of nodes: those whose results may be in one file."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.cluster.errors import ClusterUsageError
from bench.cluster.hardware import SHARED
from bench.cluster.places import Place
from reports.text import identity

# The variable by which Ray gives each place its own GPU.
OF_EACH_GPU = "CUDA_VISIBLE_DEVICES"
# Of the digest in the name of a file.
DIGITS = 6


def kind(place: Place) -> str:
    """Name the hardware of a place, for the eye and for `--only`.

    Args:
        place: a place that has described itself.
    """
    return identity.hardware_in_words(place.about["hardware"])


def file_name(place: Place) -> str:
    """Name the kind of a place as a file, without an ending: its hardware and a digest of all else.

    Args:
        place: a place that has described itself.

    Returns:
        A name for the hardware as the folders of an archive have, and the digest.
    """
    software = json.dumps(place.about["software"], sort_keys=True).encode()
    digest = hashlib.sha256(software).hexdigest()[:DIGITS]
    return f"{identity.hardware_as_name(place.about['hardware'])}-{digest}"


def comparable(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record says of a machine without what Ray sets for each GPU of a node.

    Args:
        machine: as `bench.session.machine` describes it.

    Example:
        >>> comparable({"cores": 2, "flags": {"CUDA_VISIBLE_DEVICES": "3", "TF_X": "1"}})
        {'cores': 2, 'flags': {'TF_X': '1'}}
    """
    flags = machine.get("flags")
    if not isinstance(flags, dict):
        return dict(machine)
    return {**machine, "flags": {name: flags[name] for name in flags if name != OF_EACH_GPU}}


def why_unfit(place: Place, wanted: Mapping[str, str | None]) -> str | None:
    """Say why a place cannot measure what the driver asks for.

    Args:
        place: a place that has described itself.
        wanted: the versions of the driver.

    Returns:
        The difference, None if there is none.
    """
    found = place.about["software"]
    for name in SHARED:
        if found.get(name) != wanted[name]:
            return (
                f"expected {name} {wanted[name] or 'as here, where there is none'}, as where this "
                f"command runs. Received: {found.get(name) or 'none'} on {place.node}"
            )
    return None


def fitting(
    places: Sequence[Place],
    wanted: Mapping[str, str | None],
    only: str | None,
    silent: Mapping[str, str] | None = None,
) -> list[Place]:
    """Return the places that can measure, before any work.

    Args:
        places: all that were found.
        wanted: the versions of the driver.
        only: words that a kind's name or a node's must contain, None for all.
        silent: by name of the node, why others did not answer. Default: all have.

    Raises:
        ClusterUsageError: if none is left, or one of those that are left has other versions.
    """
    chosen = [place for place in places if is_chosen(place, only)]
    if not chosen:
        found = sorted({f"{kind(place)} ({place.node})" for place in places})
        found += [f"{node}: {trouble}" for node, trouble in (silent or {}).items()]
        asked = f" that matches --only {only!r}" if only else ""
        raise ClusterUsageError(
            f"the cluster has no fitting node: expected one with a free core{asked}. "
            f"Received: {'; '.join(found) or 'no node'}"
        )
    for place in chosen:
        if reason := why_unfit(place, wanted):
            raise ClusterUsageError(
                f"{reason}. Install the same there, or give --runtime-env FILE with it"
            )
    return chosen


def is_chosen(place: Place, only: str | None) -> bool:
    """Say whether a place is among those that `--only` names.

    Args:
        place: a place that has described itself.
        only: words that its kind or its node must contain, None for all.
    """
    return only is None or only.lower() in f"{kind(place)} ({place.node})".lower()


def check_one_kind(places: Iterable[Place], way_out: str) -> None:
    """Refuse to mix kinds of nodes in one set of results.

    Args:
        places: those that are of use, one or more.
        way_out: the options that a user has.

    Raises:
        ClusterUsageError: if they are of several kinds.
    """
    first, *others = places
    for other in others:
        if other.about == first.about:
            continue
        key, wanted, found = difference(first.about, other.about)
        raise ClusterUsageError(
            "times of different kinds of nodes are not compared. Expected nodes of one kind, or "
            f"{way_out}. Received: {kind(first)} ({first.node}) and {kind(other)} ({other.node}), "
            f"which differ in {key}: {wanted} and {found}"
        )


def difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the first thing in which two descriptions differ, and what either says.

    Args:
        first: of one place.
        second: of another, which is not equal.
    """
    if found := identity.differences(first["hardware"], second["hardware"]):
        return found[0]
    ours, theirs = first["software"], second["software"]
    return next(
        (name, str(ours.get(name)), str(theirs.get(name)))
        for name in {**ours, **theirs}
        if ours.get(name) != theirs.get(name)
    )
