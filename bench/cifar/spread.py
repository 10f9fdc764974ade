"""The runs of a study on the nodes of a cluster: which run is where, and what comes of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from bench.cifar import progress, study
from bench.cifar.places import TrainingPlaces
from bench.cifar.runs import PlannedRun, outcome
from bench.cifar.settings import Settings
from bench.cifar.training import is_done
from bench.cluster.places import Place, Places
from bench.cluster.schedule import Scheduler
from bench.cluster.tasks import Task
from bench.session.display import Display
from bench.session.pace import Pace, in_words
from reports.cifar.record import TrainingRun
from reports.sources.writing import write_whole
from reports.text import units

# The one group of places of the scheduler: all are of one kind.
GROUP = "training"
# Seconds for a node to import TensorFlow and to describe its machine.
STARTING = 300.0


class ClusterStudy:
    """The owner of the tasks of a study; each epoch is on disk as soon as it is trained.

    Args:
        places: where agents work.
        runs: all of the study, in order.
        settings: what they have in common.
        begin: begins or resumes the study on disk for the machine of the first node; returns the
            machine on which the study began.
        why_not: says of a place why it is of no use, None for one that may train.
        display: where it says what happens.
        limit: seconds for an epoch, after which it is trained elsewhere; None for no limit.
        clock: returns the time in seconds.

    Attributes:
        scheduler: runs the tasks.
        has_begun: whether a node could describe itself, so that the study is on disk.
        trained: how many runs are trained to the end.
    """

    def __init__(
        self,
        places: Places,
        runs: Sequence[PlannedRun],
        settings: Settings,
        begin: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        why_not: Callable[[Place], str | None],
        *,
        display: Display,
        limit: float | None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._runs = {run.name: run for run in runs}
        self._settings = settings
        self._begin = begin
        self._why_not = why_not
        self._display = display
        self._clock = clock
        self.has_begun = self._is_asked = False
        self.trained = self._failed = 0
        self._machine: Mapping[str, Any] = {}
        self._present: dict[str, Place] = {}
        self._notes: dict[str, list[str]] = {}  # by name of the place
        self._at: dict[str, PlannedRun] = {}  # by name of the place
        self._since: dict[str, float] = {}  # by name of the place
        self._to_do: dict[str, int] = {}  # epochs, by name of the run
        self._pace: Pace[str] = Pace()
        training = TrainingPlaces(places, self._request, self._keep, limit=limit, clock=clock)
        self.scheduler = Scheduler(training, self, clock)

    # What the scheduler says

    @property
    def is_waiting(self) -> bool:
        """Whether all nodes left before they could describe their machines, and none failed."""
        return self._is_asked and not self.has_begun

    def joined(self, place: Place) -> None:
        """Let a place that fits describe its machine."""
        if reason := self._why_not(place):
            self._display.say(f"{place.name} does not train: {reason}")
            return
        self._present[place.name] = place
        self._is_asked = True
        task = Task("machine", {"asked": "machine"}, only=place.name, limit=STARTING)
        self.scheduler.submit([task])

    def left(self, place: Place, reason: str) -> None:
        """Say that a place is gone."""
        self._at.pop(place.name, None)
        if self._present.pop(place.name, None):
            self._display.say(f"{place.name} left: {reason}")

    def started(self, task: Task, place: Place) -> None:
        """Say nothing: a line tells what came of it."""

    def finished(self, task: Task, place: Place, value: Any, seconds: float) -> None:  # noqa: ARG002 - the owner's
        """Keep what came of a task."""
        if task.only:
            self._take_machine(place, value["machine"])
            return
        self._keep(place.name, value)
        run = self._runs[task.name].store.read()
        assert run is not None, "it was kept"
        self.trained += run.state == "finished"
        self._failed += run.state != "finished"
        self._end(task.name, f"{outcome(run)}, on {place.name}")

    def failed(self, task: Task) -> None:
        """Record what is given up."""
        reasons = "; ".join(task.reasons)
        if task.only:
            self._present.pop(task.only, None)
            self._is_asked = False
            self._display.say(f"{task.only} does not train: {reasons}")
            return
        self._failed += 1
        store = self._runs[task.name].store
        run = store.read()
        if run is not None:
            store.write(progress.noted(run, [f"{progress.FAILED} {reasons}."]))
        self._end(task.name, f"failed {reasons}")

    def tick(self) -> None:
        """Show how far it is."""
        nodes = units.counted(len({place.node for place in self._present.values()}), "node")
        epochs = units.counted(sum(self._to_do.values()), "epoch")
        parts = [nodes, f"{self._ended} runs", f"{epochs} to go", f"{self._failed} failed"]
        self._display.status(", ".join(filter(None, [*parts, self._time_left()])))

    # What comes of tasks

    def _take_machine(self, place: Place, machine: Mapping[str, Any]) -> None:
        """Admit a place; the first one begins the study."""
        if not self.has_begun:
            self._machine = self._begin(machine)
            self.has_begun = True
            self.scheduler.submit(self._tasks())
        self._notes[place.name] = study.changes(self._machine, machine)
        self._display.say(f"{place.name} trains")
        self.scheduler.admit(place.name, GROUP)

    def _tasks(self) -> list[Task]:
        """Return a task for each run that is not done."""
        tasks = []
        for name, planned in self._runs.items():
            try:
                run = planned.store.read()
            except ValueError as error:
                self._failed += 1
                self._display.say(f"{name}: failed: {error}")
                continue
            if run and is_done(run, self._settings):
                self.trained += run.state == "finished"
                self._failed += run.state != "finished"
                continue
            self._to_do[name] = self._left(run)
            tasks.append(Task(name, name, group=GROUP))
        if len(tasks) < len(self._runs):
            self._display.say(f"{self._ended} runs are trained already")
        return tasks

    def _request(self, place: str, work: Any) -> Mapping[str, Any]:
        """Complete the work of a task that begins: a run goes on after its last full epoch."""
        if isinstance(work, Mapping):
            return work
        planned = self._at[place] = self._runs[work]
        self._since[place] = self._clock()
        return {
            "asked": "train",
            "model": planned.candidate.name,
            "seed": planned.seed,
            "settings": self._settings,
            "contents": planned.store.contents(),
            "notes": self._notes[place],
        }

    def _keep(self, place: str, value: Mapping[str, Any]) -> None:
        """Keep what came of an epoch."""
        planned = self._at[place]
        planned.store.replace(value["contents"])
        for name, content in value["curves"].items():
            write_whole(planned.curves / name, partial(Path.write_bytes, data=content))
        if not value["is_done"]:
            self._pace.add(planned.candidate.name, 1, self._clock() - self._since[place])
            self._since[place] = self._clock()
        self._to_do[planned.name] = self._left(planned.store.read())

    def _left(self, run: TrainingRun | None) -> int:
        """Return how many epochs of a run are to be trained."""
        return max(self._settings.epochs - (run.epochs if run else 0), 0)

    # Words

    def _end(self, name: str, said: str) -> None:
        self._to_do.pop(name, None)
        left = self._time_left()
        self._display.say(f"{self._ended} {name}: {said}{left and f', {left}'}")

    @property
    def _ended(self) -> str:
        return f"{self.trained + self._failed}/{len(self._runs)}"

    def _time_left(self) -> str:
        """Say how long it still takes; nothing where it is not known."""
        to_do = Counter[str]()
        for name, epochs in self._to_do.items():
            to_do[self._runs[name].candidate.name] += epochs
        seconds = self._pace.seconds(to_do) if to_do else None
        places = max(self.scheduler.count_places(GROUP), 1)
        return in_words(seconds / places) if seconds else ""
