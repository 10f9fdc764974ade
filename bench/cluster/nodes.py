"""The nodes of a Ray cluster as places: an actor at each, and events from whatever ends."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import ray
from ray.exceptions import OutOfMemoryError, RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

import bench.cluster.startup  # noqa: F401 - before Ray is imported
from bench.cluster.agent import Agent
from bench.cluster.places import Event, Joined, Left, Place, Raised, Returned

# Seconds between two looks at which nodes there are.
LOOK = 2.0
# Seconds in which places must clean up.
CLOSING = 5.0
# Seconds in which nodes must describe themselves that have nothing to install.
ANSWERING = 60.0
# Seconds until a place whose actor died is tried again, and how often it is.
REST = 5.0
MOST_STARTS = 20
NO_ANSWER = "no answer: its cores may be taken by other work"

NodeInfo = Mapping[str, Any]
# Starts the actor of a place: node, number of the place, how many places the node has.
StartAgent = Callable[[NodeInfo, int, int], Any]


@dataclass
class Slot:
    """A place that may exist: of a node that is alive.

    Attributes:
        name: of the place.
        node: as Ray describes it.
        number: which place of its node.
        of: how many places the node has.
        agent: the handle of its actor, None while there is none.
        life: tells the events of this actor from those of the one before it.
        has_joined: whether the place has described itself.
        has_worked: whether this actor has returned work.
        starts: how many actors it has had since one returned work and got more.
        rests_until: when the next one may be started.
        trouble: why there is no answer.
    """

    name: str
    node: NodeInfo
    number: int
    of: int
    agent: Any = None
    life: int = 0
    has_joined: bool = False
    has_worked: bool = False
    starts: int = 0
    rests_until: float = 0.0
    trouble: str = NO_ANSWER


class RayPlaces:
    """Places on the nodes of the cluster to which this process is connected.

    Args:
        work: does a task on a node; it is pickled.
        nodes: lists the nodes of the cluster, as `ray.nodes` does.
        start_agent: starts the actor of a place. Default: an `Agent` that has its place to itself.
    """

    def __init__(
        self,
        work: Callable[[Any], Any],
        *,
        nodes: Callable[[], list[NodeInfo]] = ray.nodes,
        start_agent: StartAgent | None = None,
    ) -> None:
        self._nodes = nodes
        self._start_agent = start_agent or (
            lambda node, number, of: _start_agent(work, node, number, of)
        )
        self._slots: dict[str, Slot] = {}
        self._ended: SimpleQueue[tuple[str, int, int | None, Future[Any]]] = SimpleQueue()
        self._waiting: list[Event] = []
        self._lives = count(1)
        self._next_look = 0.0

    def survey(self, seconds: float) -> tuple[list[Place], dict[str, str]]:
        """Find the places that there are now.

        Args:
            seconds: how long to wait at most for a place to describe itself. Once one has done so,
                or all others have failed to, it is no more than `ANSWERING`.

        Returns:
            The places that are there, of which `next` does not tell again; and by name of the node
            why others did not answer.
        """
        found: dict[str, Place] = {}
        start = monotonic()
        end = start + seconds
        while True:
            event = self.next(min(LOOK, max(end - monotonic(), 0.0)))
            if isinstance(event, Joined):
                found[event.place.name] = event.place
                end = min(end, monotonic() + ANSWERING)
            elif isinstance(event, Left):
                found.pop(event.place, None)
            silent = [slot for slot in self._slots.values() if not slot.has_joined]
            if silent and all(slot.trouble != NO_ANSWER for slot in silent):
                end = min(end, start + ANSWERING)
            if not silent or monotonic() >= end:
                break
        return (
            list(found.values()),
            {_node_name(slot.node): slot.trouble for slot in silent},
        )

    def start(self, place: str, attempt: int, work: Any) -> None:
        """Start work at a place."""
        slot = self._slots.get(place)
        if slot is None or slot.agent is None:  # it is gone, and that event is yet to be heard
            return
        if slot.has_worked:
            slot.starts = 0
        self._watch(slot, attempt, slot.agent.run.remote(work))

    def stop(self, place: str) -> None:
        """End what runs at a place."""
        if place in self._slots:
            self._end(self._slots[place])

    def close(self) -> None:
        """Let the work end what it has started at each place, as far as places answer."""
        agents = [slot.agent for slot in self._slots.values() if slot.has_joined]
        ray.wait(
            [agent.close.remote() for agent in agents],
            num_returns=len(agents),
            timeout=CLOSING,
        )

    def next(self, seconds: float) -> Event | None:
        """Wait for the next event."""
        end = monotonic() + seconds
        while True:
            if self._waiting:
                return self._waiting.pop(0)
            now = monotonic()
            if now >= self._next_look:
                self._look(now)
                self._next_look = monotonic() + LOOK
                continue
            try:
                patience = max(min(end, self._next_look) - now, 0.0)
                ended = self._ended.get(timeout=patience)
            except Empty:
                if monotonic() >= end:
                    return None
                continue
            event = self._event(*ended)
            if event is not None:
                return event

    def _look(self, now: float) -> None:
        """Notice nodes that came or went, and start the actors that are missing."""
        alive = {node["NodeID"]: node for node in self._nodes() if node["Alive"]}
        present = {slot.node["NodeID"] for slot in self._slots.values()}
        for slot in [each for each in self._slots.values() if each.node["NodeID"] not in alive]:
            del self._slots[slot.name]
            if slot.has_joined:
                self._waiting.append(Left(slot.name, "the node left the cluster"))
        for identity in alive.keys() - present:
            for slot in _slots_of(alive[identity]):
                self._slots[slot.name] = slot
        for slot in self._slots.values():
            if slot.agent is None and slot.starts < MOST_STARTS and now >= slot.rests_until:
                slot.life, slot.starts = next(self._lives), slot.starts + 1
                slot.agent = self._start_agent(slot.node, slot.number, slot.of)
                self._watch(slot, None, slot.agent.describe.remote())

    def _watch(self, slot: Slot, attempt: int | None, answer: Any) -> None:
        """Let the end of a call become an event; Ray calls back, nobody asks again and again."""
        name, life = slot.name, slot.life
        answer.future().add_done_callback(
            lambda future: self._ended.put((name, life, attempt, future))
        )

    def _event(
        self, name: str, life: int, attempt: int | None, answer: Future[Any]
    ) -> Event | None:
        """Return what the end of a call means, None if it is that of an actor that is gone."""
        slot = self._slots.get(name)
        if slot is None or slot.life != life:
            return None
        error = answer.exception()
        if isinstance(error, RayError) and not isinstance(error, RayTaskError):
            return self._lost(slot, attempt, error)
        if error is not None:
            return self._refused(slot, attempt, error)
        if attempt is not None:
            slot.has_worked = True
            return Returned(name, attempt, answer.result())
        slot.has_joined = True
        return Joined(Place(name, _node_name(slot.node), answer.result()))

    def _refused(self, slot: Slot, attempt: int | None, error: BaseException) -> Event | None:
        if attempt is None:
            slot.trouble = _reason(error)
            self._end(slot)
            return None
        return Raised(slot.name, attempt, _reason(error))

    def _lost(self, slot: Slot, attempt: int | None, error: RayError) -> Event | None:
        """Give up an actor that died."""
        had_joined = slot.has_joined
        slot.trouble = _reason(error)
        self._end(slot)
        if not had_joined:
            return None
        if attempt is not None and isinstance(error, OutOfMemoryError):
            # What ran took the node's memory: that is its own fault, not the node's.
            return Left(slot.name, "took more memory than the node has", is_fault=True)
        return Left(slot.name, f"its process ended ({type(error).__name__})")

    def _end(self, slot: Slot) -> None:
        """Kill the actor of a place; another one is started later."""
        if slot.agent is not None:
            ray.kill(slot.agent)
        slot.agent, slot.has_joined, slot.has_worked, slot.life = None, False, False, 0
        slot.rests_until = monotonic() + REST


def _slots_of(node: NodeInfo) -> list[Slot]:
    """Return the places of a node: one, or one for each GPU; none if it has no core for tasks."""
    gpus, cores = (int(node["Resources"].get(name, 0)) for name in ("GPU", "CPU"))
    of = max(gpus, 1)
    if cores < of:
        return []
    name = _node_name(node)
    names = [f"{name}/{number}" if of > 1 else name for number in range(of)]
    return [Slot(each, node, number, of) for number, each in enumerate(names)]


def _node_name(node: NodeInfo) -> str:
    # Several nodes may be on one host.
    return f"{node['NodeManagerHostname']}/{node['NodeID'][:4]}"


def _start_agent(work: Callable[[Any], Any], node: NodeInfo, number: int, of: int) -> Any:
    gpus = 1 if node["Resources"].get("GPU", 0) >= 1 else 0
    options = {
        "num_cpus": int(node["Resources"]["CPU"]) // of,
        "num_gpus": gpus,
        "max_restarts": 0,
        "scheduling_strategy": NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
    }
    return ray.remote(Agent).options(**options).remote(work, number, of, gpus)


def _reason(error: BaseException) -> str:
    if isinstance(error, RayTaskError) or not isinstance(error, RayError):
        cause = getattr(error, "cause", None) or error
        return f"{type(cause).__name__}: {cause}".strip().splitlines()[0]
    # Ray tells where it happened first, and what happened at last.
    said = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {said[-1] if said else 'no reason given'}"
