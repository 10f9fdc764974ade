"""A time limit on a piece of work, tracing and compilation included."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Windows has no timer signals.
IS_POSSIBLE = hasattr(signal, "setitimer")


class TimeLimitError(RuntimeError):
    """A piece of work took longer than its time limit."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Give a piece of work up after some time.

    Where it is not possible, or outside the main thread, nothing is limited.

    Args:
        seconds: the limit; 0 for none.

    Raises:
        TimeLimitError: if it takes longer.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not seconds or not is_main or not IS_POSSIBLE:
        yield
        return

    late = TimeLimitError(f"took longer than its time limit of {seconds:g} s")

    def give_up(_number: int, _frame: FrameType | None) -> None:
        raise late

    previous = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except Exception as error:
        # TensorFlow may turn the exception that ends a function into one of its own.
        if signal.getitimer(signal.ITIMER_REAL)[0] == 0 and not isinstance(error, TimeLimitError):
            raise late from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
