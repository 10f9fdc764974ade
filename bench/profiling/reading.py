"""A trace as xprof converts it: steps, the operations that ran in them, and peak memory."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.profiling.conversion import UnreadableTraceError, converted
from reports.profiling.record import Device

SECONDS_PER_MICROSECOND = 1e-6
SECONDS_PER_MILLISECOND = 1e-3

# How TensorFlow's executor marks an operation that it starts and that may end elsewhere: on a
# CPU, any function compiled by XLA.
ASYNCHRONOUS = "ExecutorState::ProcessAsync::Start"
_STREAM = re.compile(r"Stream #")


@dataclass(frozen=True)
class Operation:
    """One run of one operation.

    Attributes:
        name: the operation with its scopes.
        kind: its type, a kernel's name on a GPU.
        module: the XLA module that it runs, or nothing.
        thread: identifies the thread or the GPU's stream that it ran on.
        start: seconds from the beginning of the trace.
        end: seconds from the beginning of the trace.
    """

    name: str
    kind: str
    module: str
    thread: tuple[int, int]
    start: float
    end: float


@dataclass(frozen=True)
class Step:
    """One step, from its marker.

    Attributes:
        start: seconds from the beginning of the trace.
        end: seconds from the beginning of the trace.
        operations: what ran in it, by start.
    """

    start: float
    end: float
    operations: list[Operation] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long the step took."""
        return self.end - self.start


@dataclass(frozen=True)
class Reading:
    """What a trace holds.

    Attributes:
        steps: the steps that TensorBoard's overview counts, without the first and the last.
        peak_bytes: memory in use at the worst moment of the trace, by allocator.
        device: "CPU" or "GPU", whose operations are in the steps.
    """

    steps: list[Step]
    peak_bytes: dict[str, int]
    device: Device


def read(run: Path) -> Reading:
    """Read a run's trace.

    Args:
        run: a folder that `tracing.trace` has written.

    Returns:
        What is in it.

    Raises:
        UnreadableTraceError: if there is no trace, or one without steps.
    """
    files = sorted(str(path) for path in run.glob("plugins/profile/*/*.xplane.pb"))
    if len(files) != 1:
        raise UnreadableTraceError(f"expected one trace in {run}. Received: {len(files)}")
    counted = overview_steps(converted(files, "overview_page"))
    if not counted:
        raise UnreadableTraceError(f"the trace in {run} has no step that TensorBoard counts")
    events = converted(files, "trace_viewer")["traceEvents"]
    on_device = device_operations(events)
    operations = sorted(on_device or host_operations(events), key=lambda each: each.start)
    steps = [step for number, step in whole_steps(_steps(events)).items() if number in counted]
    starts = [operation.start for operation in operations]
    for step in steps:
        step.operations.extend(
            operations[bisect_left(starts, step.start) : bisect_left(starts, step.end)]
        )
    return Reading(
        steps, peak_bytes(converted(files, "memory_profile")), "GPU" if on_device else "CPU"
    )


def overview_steps(tables: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the seconds of each step that the overview counts, by the step's name.

    Args:
        tables: the tool overview_page.
    """
    for table in tables:
        columns = [column["id"] for column in table.get("cols", [])]
        if "stepTimeMs" in columns:
            rows = [[cell["v"] for cell in row["c"]] for row in table["rows"]]
            name, time = columns.index("stepnum"), columns.index("stepTimeMs")
            return {_step(row[name]): row[time] * SECONDS_PER_MILLISECOND for row in rows}
    return {}


def peak_bytes(document: dict[str, Any]) -> dict[str, int]:
    """Return the memory in use at the worst moment, by allocator.

    Args:
        document: the tool memory_profile.
    """
    return {
        name: int(profile["profileSummary"]["peakStats"]["peakBytesInUse"])
        for name, profile in document.get("memoryProfilePerAllocator", {}).items()
        if profile.get("sampledTimelineSnapshots")
    }


def host_operations(events: Iterable[dict[str, Any]]) -> list[Operation]:
    """Return what TensorFlow's executor ran on the CPU.

    Args:
        events: those of the tool trace_viewer.
    """
    events = list(events)
    modules: dict[tuple[int, int], list[tuple[float, str]]] = defaultdict(list)
    for event in events:
        if "hlo_module" in _arguments(event):
            modules[_thread(event)].append((event["ts"], event["args"]["hlo_module"]))
    for runs in modules.values():
        runs.sort()
    found = []
    for event in events:
        arguments = _arguments(event)
        if event.get("name") == ASYNCHRONOUS and "kernel_type" in arguments:
            module = _module_within(event, modules[_thread(event)])
            found.append(_operation(event, arguments["name"], arguments["kernel_type"], module))
        elif "is_eager" in arguments and ":" in arguments.get("long_name", ""):
            name, _, kind = arguments["long_name"].rpartition(":")
            found.append(_operation(event, name, kind))
    return found


def device_operations(events: Iterable[dict[str, Any]]) -> list[Operation]:
    """Return the kernels that ran on a GPU, each under the operation that launched it.

    Args:
        events: those of the tool trace_viewer.
    """
    events = list(events)
    streams = {
        _thread(event)
        for event in events
        if event.get("name") == "thread_name" and _STREAM.match(_arguments(event).get("name", ""))
    }
    found = []
    for event in events:
        if event.get("ph") != "X" or _thread(event) not in streams:
            continue
        arguments = _arguments(event)
        name = arguments.get("tf_op") or arguments.get("hlo_op") or event["name"]
        found.append(
            _operation(
                event,
                name.rpartition(":")[0] or name,
                event["name"],
                arguments.get("hlo_module", ""),
            )
        )
    return found


def _steps(events: Iterable[dict[str, Any]]) -> dict[str, Step]:
    """Return the marked steps by their number."""
    found = {}
    for event in events:
        number = _arguments(event).get("step_num")
        if event.get("ph") == "X" and number is not None:
            found[str(number)] = Step(*_span(event))
    return found


def whole_steps(steps: dict[str, Step]) -> dict[str, Step]:
    """Leave out the first step and the last, which xprof counts in the shortest traces.

    Args:
        steps: all that are marked, by their name.

    Returns:
        The others in their order; all, if there are no others.
    """
    in_order = sorted(steps.items(), key=lambda item: item[1].start)
    inner = in_order[1:-1]
    return dict(inner or in_order)


def _step(name: object) -> str:
    """Return the number in the name that the overview gives a step: "step 3"."""
    return str(name).split()[-1]


def _operation(event: dict[str, Any], name: str, kind: str, module: str = "") -> Operation:
    return Operation(name, kind, module, _thread(event), *_span(event))


def _span(event: dict[str, Any]) -> tuple[float, float]:
    start = event["ts"] * SECONDS_PER_MICROSECOND
    return start, start + event.get("dur", 0.0) * SECONDS_PER_MICROSECOND


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event.get("pid", 0), event.get("tid", 0)


def _arguments(event: dict[str, Any]) -> dict[str, Any]:
    return event.get("args") or {}


def _module_within(event: dict[str, Any], runs: list[tuple[float, str]]) -> str:
    """Return the XLA module of which the thread began a part while an event lasted."""
    at = bisect_left(runs, (event["ts"], ""))
    is_within = at < len(runs) and runs[at][0] <= event["ts"] + event["dur"]
    return runs[at][1] if is_within else ""
