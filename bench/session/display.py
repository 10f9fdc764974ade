"""What a command says on the terminal while it goes on, where its processes write elsewhere."""

import shutil
import sys
from typing import TextIO


class Display:
    """Lines that stay, and on a terminal a last line that changes.

    Args:
        stream: where to write. Default: standard output.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._is_live = self._stream.isatty()
        self._status = ""

    def say(self, line: str) -> None:
        """Write a line that stays.

        Args:
            line: without its end.
        """
        self._clear()
        self._stream.write(f"{line}\n")
        self._draw()

    def status(self, line: str) -> None:
        """Replace the line that changes; on anything but a terminal there is none.

        Args:
            line: without its end.
        """
        if self._is_live and line != self._status:
            self._clear()
            self._status = line
            self._draw()

    def end(self) -> None:
        """Take the line that changes away."""
        self.status("")

    def _clear(self) -> None:
        if self._status:
            self._stream.write("\r\x1b[K")

    def _draw(self) -> None:
        if self._status:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(self._status[:width])
        self._stream.flush()
