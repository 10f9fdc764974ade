"""The scheduler: which task runs where, and what becomes of those that fail.

It knows nothing of Ray, of sweeps or of models. Each event costs about the same, however many tasks
wait, so that it keeps up with hundreds of places.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count
from time import monotonic

from bench.cluster.errors import ClusterError
from bench.cluster.places import Event, Joined, Left, Place, Places, Returned
from bench.cluster.tasks import ATTEMPTS, Owner, Running, Task

# A node that leaves is not the task's fault; but a task may end its node, by taking its memory.
MOST_LOSSES = 5
# Seconds between two calls of `tick`, for a display.
TICK = 0.5
# Seconds that tasks wait for a place while there is none.
PATIENCE = 300.0


class Scheduler:
    """Gives tasks to places until none is left.

    Args:
        places: where tasks run.
        owner: who gives the tasks; it may submit more at any moment.
        clock: returns the time in seconds.
    """

    def __init__(
        self, places: Places, owner: Owner, clock: Callable[[], float] = monotonic
    ) -> None:
        self._places = places
        self._owner = owner
        self._clock = clock
        self._attempts = count(1)
        self._present: dict[str, Place] = {}
        self._running: dict[str, Running] = {}  # by name of the place
        self._queues: defaultdict[str, deque[Task]] = defaultdict(deque)
        self._pinned: defaultdict[str, deque[Task]] = defaultdict(deque)
        self._groups: dict[str, str] = {}  # by name of the place
        self._idle: defaultdict[str, dict[str, None]] = defaultdict(dict)  # by group, in order
        self._nodes: defaultdict[str, Counter[str]] = defaultdict(Counter)  # by group, places
        self._runs: defaultdict[str, Counter[str]] = defaultdict(Counter)  # by `Task.apart`, nodes
        self._alone_since: float | None = None

    def submit(self, tasks: Iterable[Task]) -> None:
        """Add tasks, to be run in their order.

        Args:
            tasks: the tasks; one for a place that is not present is dropped.
        """
        for task in tasks:
            if task.only is None:
                self._queues[task.group].append(task)
            elif task.only in self._present:
                self._pinned[task.only].append(task)

    def remember(self, ran: Mapping[str, Iterable[str]]) -> None:
        """Take over where tasks ran earlier, so that others that belong apart run elsewhere.

        Args:
            ran: by `Task.apart`, the nodes, as often as a task ran there.
        """
        for apart, nodes in ran.items():
            self._runs[apart].update(nodes)

    def admit(self, place: str, group: str) -> None:
        """Let a place run the tasks of a group from now on.

        Args:
            place: its name; nothing is done if it is gone.
            group: the group.
        """
        if place in self._present and place not in self._groups:
            self._groups[place] = group
            self._nodes[group][self._present[place].node] += 1
            if place not in self._running:
                self._idle[group][place] = None

    def drop(self, place: Place, task: Task, reason: str) -> None:
        """Give up a place that cannot do what it should; it may join again.

        Args:
            place: the place.
            task: what it returned without doing it; another place does it, as if this one had left.
            reason: why.
        """
        self._places.stop(place.name)
        self._leave(place.name, reason)
        if not task.only:
            self._lose(task, place.node, reason)

    def has_other(self, group: str, nodes: Iterable[str]) -> bool:
        """Say whether a group has a node besides some.

        Args:
            group: the group.
            nodes: names of nodes.
        """
        return bool(self._nodes[group].keys() - set(nodes))

    @property
    def running(self) -> list[Running]:
        """The tasks at work."""
        return list(self._running.values())

    def count_places(self, group: str) -> int:
        """Return how many places a group has.

        Args:
            group: the group.
        """
        return self._nodes[group].total()

    @property
    def outstanding(self) -> int:
        """How many tasks wait or run."""
        queues = (*self._queues.values(), *self._pinned.values())
        return len(self._running) + sum(map(len, queues))

    def run(self, present: Iterable[Place] = ()) -> None:
        """Run until no task is left, and the owner waits for none.

        Args:
            present: places that have joined already.

        Raises:
            ClusterError: if tasks wait and there was no place for them for a long time.
        """
        for place in present:
            self._take(Joined(place))
        next_tick = self._clock()
        while self.outstanding or self._owner.is_waiting:
            self._dispatch()
            now = self._clock()
            if now >= next_tick:
                self._owner.tick()
                next_tick = now + TICK
            self._check_alone(now)
            latest = min((each.deadline for each in self._running.values()), default=next_tick)
            event = self._places.next(max(min(latest, next_tick) - now, 0.0))
            if event is not None:
                self._take(event)
            self._end_late()

    # Where tasks go

    def _dispatch(self) -> None:
        for name in [name for name, queue in self._pinned.items() if queue]:
            if name not in self._running:
                self._start(self._pinned[name].popleft(), self._present[name])
        for group, queue in self._queues.items():
            if queue:
                for name in list(self._idle[group]):
                    task = self._next_for(queue, self._present[name], group)
                    if task:
                        self._start(task, self._present[name])
                    if not queue:
                        break

    def _next_for(self, queue: deque[Task], place: Place, group: str) -> Task | None:
        for index, task in enumerate(queue):
            if self._fits(task, place.node, group):
                del queue[index]
                return task
        return None

    def _fits(self, task: Task, node: str, group: str) -> bool:
        """Say whether a node is as new to a task as any other of the group."""
        if not task.tried and task.apart is None:
            return True
        runs = self._runs[task.apart] if task.apart is not None else Counter[str]()

        def seen(name: str) -> tuple[int, int]:
            return task.tried.count(name), runs[name]

        return seen(node) == min(map(seen, self._nodes[group]))

    def _start(self, task: Task, place: Place) -> None:
        group = self._groups.get(place.name)
        if group is not None:
            self._idle[group].pop(place.name, None)
        if task.apart is not None:
            self._runs[task.apart][place.node] += 1
        attempt = next(self._attempts)
        self._running[place.name] = Running(task, place, attempt, self._clock())
        self._owner.started(task, place)
        self._places.start(place.name, attempt, task.work)

    # What becomes of them

    def _take(self, event: Event) -> None:
        if isinstance(event, Joined):
            self._present[event.place.name] = event.place
            self._owner.joined(event.place)
        elif isinstance(event, Left):
            self._leave(event.place, event.reason, is_fault=event.is_fault)
        else:
            ended = self._ended(event.place, event.attempt)
            if ended is None:  # a place was given up, and ended all the same
                return
            if isinstance(event, Returned):
                seconds = self._clock() - ended.since
                self._owner.finished(ended.task, ended.place, event.value, seconds)
            else:
                self._fail(ended, event.reason)

    def _ended(self, name: str, attempt: int) -> Running | None:
        """Return what ended at a place, and let the place take the next task."""
        running = self._running.get(name)
        if running is None or running.attempt != attempt:
            return None
        del self._running[name]
        if name in self._groups:
            self._idle[self._groups[name]][name] = None
        return running

    def _leave(self, name: str, reason: str, *, is_fault: bool = False) -> None:
        """Forget a place; what ran there runs elsewhere, or failed if it is its fault."""
        place = self._present.pop(name, None)
        if place is None:
            return
        group = self._groups.pop(name, None)
        if group is not None:
            self._idle[group].pop(name, None)
            self._nodes[group] -= Counter([place.node])  # drops nodes without a place
        self._pinned.pop(name, None)
        lost = self._running.pop(name, None)
        self._owner.left(place, reason)
        if lost and is_fault:
            self._fail(lost, reason)
        elif lost and not lost.task.only:
            self._lose(lost.task, place.node, reason)

    def _lose(self, task: Task, node: str, reason: str) -> None:
        self._forget_run(task, node)
        task = replace(task, losses=task.losses + 1)
        if task.losses >= MOST_LOSSES:
            why = f"{node} left while it ran, the {task.losses}th time: {reason}"
            self._owner.failed(replace(task, reasons=(*task.reasons, why)))
        else:
            self._queues[task.group].appendleft(task)

    def _fail(self, ended: Running, reason: str) -> None:
        task, node = ended.task, ended.place.node
        self._forget_run(task, node)
        task = replace(
            task, tried=(*task.tried, node), reasons=(*task.reasons, f"on {node}: {reason}")
        )
        if task.only or len(task.tried) >= ATTEMPTS:
            self._owner.failed(task)
        else:
            self._queues[task.group].appendleft(task)

    def _forget_run(self, task: Task, node: str) -> None:
        if task.apart is not None:
            self._runs[task.apart][node] -= 1

    def _end_late(self) -> None:
        now = self._clock()
        for late in [each for each in self._running.values() if each.deadline <= now]:
            self._places.stop(late.place.name)
            reason = f"took longer than its limit of {late.task.limit:g} s"
            self._leave(late.place.name, reason, is_fault=True)

    def _check_alone(self, now: float) -> None:
        """Stop waiting once no task could run for long; asking places that join does not count."""
        is_at_work = any(not each.task.only for each in self._running.values())
        if is_at_work or any(queue and self._nodes[group] for group, queue in self._queues.items()):
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > PATIENCE and not self._running:
            raise ClusterError(f"for {PATIENCE:.0f} s there was no node that could go on")
