"""A pytest plugin for nodes: a session that has collected the plan, and measures what it is asked.

It has imported everything and run nothing of TensorFlow, so that each request is served by a copy
of it, a fork, which starts at once and measures as a new process does. A process with threads
cannot be copied so, as on a GPU: there the session serves one request itself, and ends.
"""

import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

import bench.startup  # noqa: F401 - before the plugins import TensorFlow
from bench.measure.backend import ACCELERATED
from bench.session import (
    child,
    machine,
    options,
    own,
    plan,
    plugin,
    pytest_benchmark,
    record,
)
from bench.session.progress import Progress
from reports.sources.writing import write_json

# Threads that know of forks: jemalloc, TensorFlow's allocator, does without its own in a copy.
FORKABLE = ("jemalloc_bg_thd",)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options with which a node's agent starts the session."""
    parser.addoption("--serve", type=int, help="the descriptor of the connection to the agent")
    parser.addoption("--files", type=Path, help="a folder that is deleted once the agent is gone")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Send the plan, then do what the agent asks for, until it is gone."""
    if session.testsfailed:  # not all could be collected, which pytest reports
        return None
    link = Connection(session.config.option.serve)
    is_copied = _can_be_copied()
    link.send({**described(session), "is_copied": is_copied})
    while (request := _received(link)) is not None:
        if is_copied:
            link.send(_in_a_copy(link, partial(serve, request, session)))
        else:
            child.end_with_parent(link.fileno())
            serve(request, session)
            link.send(0)
            return True
    # An agent that ends this session deletes them itself; one that is killed cannot.
    shutil.rmtree(session.config.option.files, ignore_errors=True)
    return True


def described(session: pytest.Session) -> dict[str, Any]:
    """Return the plan and how it is measured, as plain values.

    Args:
        session: pytest's session; it has collected the plan.
    """
    planned = {item.nodeid: found for item in session.items if (found := plan.planned(item))}
    return {
        "suite": options.suite(session.config),
        "machine": pytest_benchmark.machine_info(session.config),
        "model": own.model(session.config),
        "timeout": options.timeout(session.config),
        "tests": [
            {
                "test": test,
                "measurement": each.measurement,
                "direction": each.of.direction,
                # What is recorded where no process comes to its end.
                "unmeasured": record.unmeasured(record.identity(each), []),
            }
            for test, each in planned.items()
        ],
    }


def serve(request: Mapping[str, Any], session: pytest.Session) -> None:
    """Measure what is asked for.

    Args:
        request: what, and the file for what comes of it.
        session: pytest's session.
    """
    if request["asked"] == "conditions":
        write_json(Path(request["path"]), machine.conditions())
    else:
        _measure(request, session)


def _measure(request: Mapping[str, Any], session: pytest.Session) -> None:
    """Run benchmarks as in a run of their own; its journal is all that they leave."""
    config = session.config
    option = config.option
    option.collectonly = False
    option.process = number, count = request["process"]
    option.processes = count
    option.benchmark_max_time = str(float(option.benchmark_max_time) / count)
    wanted = frozenset(request["tests"])
    items = [item for item in session.items if item.nodeid in wanted]
    progress = Progress(Path(request["path"]), [item.nodeid for item in items])
    progress.begin({"process": number})
    config.stash[plugin.PROGRESS] = progress
    planned = {item.nodeid: found for item in items if (found := plan.planned(item))}
    plugin.set_cases(planned, config, request["begun"])
    for item, following in zip(items, [*items[1:], None], strict=True):
        config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    progress.journal.spent(config.stash[plugin.CASES].spent)


def _received(link: "Connection[Any, Any]") -> Mapping[str, Any] | None:
    try:
        request: Mapping[str, Any] = link.recv()
    except EOFError:  # the agent is gone
        return None
    return request


def _can_be_copied() -> bool:
    """Say whether this process has no thread that a copy would miss, but the allocator's own."""
    if sys.platform != "linux" or ACCELERATED:
        return False
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    return len([name for name in threads if name not in FORKABLE]) <= 1


def _in_a_copy(link: "Connection[Any, Any]", work: Callable[[], None]) -> int:
    """Run something in a copy of this process; return its exit status, negative for a signal."""
    identity = os.fork()
    if identity:
        return os.waitstatus_to_exitcode(os.waitpid(identity, 0)[1])
    status = 1
    try:
        child.end_with_parent(link.fileno())
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - the copy must not go on as if it were the session
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
