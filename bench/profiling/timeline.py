"""How the time of a step is divided among operations that run at once."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from bench.profiling.reading import Operation, Step


@dataclass(frozen=True)
class Shares:
    """How the time of a step is divided; all add up to the step.

    Attributes:
        operations: seconds of each operation.
        dispatch: seconds before the first operation begins and after the last has ended: Python,
            and TensorFlow's overhead of starting operations.
        idle: seconds in between in which no operation runs.
    """

    operations: list[tuple[Operation, float]]
    dispatch: float
    idle: float


def divide(step: Step) -> Shares:
    """Divide the time of a step among its operations.

    At any moment the operations that run share it equally, so that what runs in parallel is not
    counted twice. On one thread only the innermost runs: the others wait for it.

    Args:
        step: the step.

    Returns:
        The shares.
    """
    operations = [each for each in step.operations if each.end > each.start]
    if not operations:
        return Shares([], step.seconds, 0.0)
    first = operations[0].start
    last = min(max(operation.end for operation in operations), step.end)
    seconds, idle = _sweep(operations, last)
    shares = [(operation, seconds[index]) for index, operation in enumerate(operations)]
    return Shares(shares, first - step.start + step.end - last, idle)


def _sweep(operations: list[Operation], last: float) -> tuple[dict[int, float], float]:
    """Go through the moments at which an operation begins or ends, up to the last."""
    # Ends before beginnings; of operations that begin together the longer is the outer one.
    begins = [(each.start, 1, -each.end, index) for index, each in enumerate(operations)]
    ends = [(min(each.end, last), 0, 0.0, index) for index, each in enumerate(operations)]
    running: dict[Hashable, list[int]] = defaultdict(list)
    seconds: dict[int, float] = defaultdict(float)
    idle, now = 0.0, operations[0].start
    for moment, is_begin, _, index in sorted(begins + ends):
        innermost = _innermost(running.values())
        for each in innermost:
            seconds[each] += (moment - now) / len(innermost)
        idle += 0.0 if innermost else moment - now
        now = moment
        thread = running[operations[index].thread]
        if is_begin:
            thread.append(index)
        else:
            thread.remove(index)
    return seconds, idle


def _innermost(threads: Iterable[list[int]]) -> list[int]:
    return [stack[-1] for stack in threads if stack]
