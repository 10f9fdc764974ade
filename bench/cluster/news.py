"""The words of a run on a cluster: what ended, how far it is, and how long it still takes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from bench.cluster.book import Book
from bench.cluster.places import Place
from bench.cluster.tasks import Task
from bench.session.display import Display
from bench.session.pace import Pace, in_words
from reports.sources.case import Direction
from reports.text import units

# Characters of a reason; the record has all of it.
LONGEST = 120


class News:
    """Says what happens, on a display.

    Args:
        display: where.
        books: the books by group; those that are opened later, too.
        count_places: says how many places a group has.
    """

    def __init__(
        self, display: Display, books: Mapping[str, Book], count_places: Callable[[str], int]
    ) -> None:
        self._display = display
        self._books = books
        self._count_places = count_places
        self._places: dict[str, Place] = {}
        self._paces: defaultdict[str, Pace[Direction]] = defaultdict(Pace)

    def say(self, line: str) -> None:
        """Write a line that stays.

        Args:
            line: the line.
        """
        self._display.say(line)

    def joined(self, place: Place, kind: str) -> None:
        """Say that a place will measure.

        Args:
            place: the place.
            kind: its kind.
        """
        self._places[place.name] = place
        self.say(f"{place.name} joined: {kind}")

    def left(self, place: Place, reason: str) -> None:
        """Say that a place is gone.

        Args:
            place: the place.
            reason: why.
        """
        if self._places.pop(place.name, None):
            self.say(f"{place.name} left: {_short(reason)}")

    def unfit(self, name: str, reason: str) -> None:
        """Say that a place does not measure.

        Args:
            name: of the place.
            reason: why.
        """
        self._places.pop(name, None)
        self.say(f"{name} does not measure: {_short(reason)}")

    def finished(
        self, task: Task, place: Place, seconds: float, measured: int, fault: str | None
    ) -> None:
        """Say what came of a task.

        Args:
            task: the task.
            place: where it ran.
            seconds: how long it took.
            measured: how many records it left.
            fault: what its failures have to say, None if there is none.
        """
        book = self._books[task.group]
        if measured:
            self._paces[task.group].add(book.direction(task), measured, seconds)
        number, count = task.work["process"]
        of = f", process {number} of {count}" if count > 1 else ""
        why = f"; {_short(fault)}" if fault else ""
        left = self.left_in_words()
        self.say(
            f"{book.done}/{book.total} {task.name}{of}: "
            f"{measured} of {len(task.work['tests'])} measured in {seconds:.1f} s "
            f"on {place.name}{why}{left and f', {left}'}"
        )

    def given_up(self, task: Task, reasons: Iterable[str]) -> None:
        """Say that a task could not be done.

        Args:
            task: the task.
            reasons: why.
        """
        book = self._books[task.group]
        self.say(
            f"{book.done}/{book.total} {task.name}: not measured: {_short('; '.join(reasons))}"
        )

    def show(self) -> None:
        """Show how far it is."""
        nodes = units.counted(len({place.node for place in self._places.values()}), "node")
        books = self._books.values()
        done, total, failed = (
            sum(getattr(book, name) for book in books) for name in ("done", "total", "failed")
        )
        parts = [nodes, f"{done} of {units.counted(total, 'record')}", f"{failed} failed"]
        self._display.status(", ".join(filter(None, [*parts, self.left_in_words()])))

    def left_in_words(self) -> str:
        """Say how long the slowest kind of nodes still takes; nothing where it is not known."""
        found = [
            (self._paces[group].seconds(book.to_do), self._count_places(group))
            for group, book in self._books.items()
        ]
        if any(seconds is None for seconds, _ in found):
            return ""
        longest = max(((seconds or 0.0) / max(places, 1) for seconds, places in found), default=0.0)
        return in_words(longest) if longest else ""


def _short(reason: str) -> str:
    return next(iter(reason.splitlines()), "")[:LONGEST]
