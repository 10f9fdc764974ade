"""Whether `pytest bench` takes options and has a case for them: asked in a process of its own."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from subprocess import CompletedProcess

# pytest's exit statuses of options that it does not take, and where it collects nothing.
USAGE, NO_CASE = 4, 5
# What pytest says where not the options are at fault, but what the benchmarks import.
LOADING = "while loading conftest"

# What stands before the error where it cannot parse its options.
PARSED = ": error: "
# What it says at its end where it has no case.
NOTHING = "no tests collected"


@dataclass(frozen=True)
class Refusal:
    """Why `pytest bench` does not begin.

    Attributes:
        words: as a sentence whose subject is missing, and what pytest says.
        is_of_options: whether the options are at fault, and not what is installed.
    """

    words: str
    is_of_options: bool


def refusal(ask: Callable[..., "CompletedProcess[str]"], words: Sequence[str]) -> Refusal | None:
    """Collect the plan, and measure nothing.

    Args:
        ask: runs Python with arguments.
        words: options of `pytest bench`.

    Returns:
        Why it would not begin, None if it would.
    """
    plugins = ("-p", "no:cacheprovider")
    pytest = ("-m", "pytest", "bench", "--benchmark-only", "--collect-only", "-q", *plugins)
    done = ask(*pytest, *words)
    if not done.returncode:
        return None
    streams = [stream.strip() for stream in (done.stderr, done.stdout) if stream.strip()]
    fault = "has no case for" if done.returncode == NO_CASE else "does not take"
    return Refusal(
        f"{fault} these options of pytest bench: {shlex.join(words) or 'none'}\n{_told(streams)}",
        done.returncode in (USAGE, NO_CASE) and not any(LOADING in each for each in streams),
    )


def _told(streams: Sequence[str]) -> str:
    """Return the error alone where pytest writes its usage around it, or its count of no case.

    Pytest writes errors of usage to standard error, and its count to standard output; what it
    imports may write to either. Without both, the first stream is returned.
    """
    lines = [line for stream in streams for line in stream.splitlines()]
    errors = [line.partition(PARSED)[2] for line in lines if PARSED in line]
    nothing = [line.strip("= ") for line in lines if NOTHING in line]
    return "\n".join([*errors, *nothing] or streams[:1])
