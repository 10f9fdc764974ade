"""What TensorFlow writes before it reads TF_CPP_MIN_LOG_LEVEL, without what nobody must act on."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

# Information, and a machine without a GPU. All else is passed on, such as a broken driver.
NOISE = (
    rb"I\d{4} "
    rb"|WARNING: All log messages before absl::InitializeLog"
    rb"|To enable the following instructions:"
    rb"|E\d{4} .*failed call to cuInit.*(UNKNOWN ERROR \(303\)|CUDA_ERROR_NO_DEVICE)"
)


@contextmanager
def without_noise(*others: bytes) -> Iterator[None]:
    """Keep TensorFlow's first lines off the terminal, in a block that loads it or looks for GPUs.

    Nothing is kept back unless TF_CPP_MIN_LOG_LEVEL asks for less than all. All that is written to
    standard error in the block appears at its end.

    Args:
        *others: patterns of further lines that nobody must act on, matched at their beginning.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0") in ("", "0"):
        yield
        return
    try:
        terminal = os.dup(2)
    except OSError:  # a program without a terminal
        yield
        return
    with tempfile.TemporaryFile() as file:
        _flush()
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            _flush()
            os.dup2(terminal, 2)
            os.close(terminal)
            file.seek(0)
            for line in file:
                if not re.match(b"|".join([NOISE, *others]), line):
                    os.write(2, line)


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()
