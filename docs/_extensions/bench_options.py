"""The options that `pytest bench` adds to pytest's, as a parser of argparse."""

import argparse
from typing import Any

from bench.session import options


class ArgparseGroups:
    """Takes the options of pytest's plugins into a parser of argparse.

    Attributes:
        made: the parser.
    """

    def __init__(self) -> None:
        self.made = argparse.ArgumentParser(
            prog="pytest bench",
            usage="pytest bench --benchmark-only [options]",
            add_help=False,
            allow_abbrev=False,
        )

    def getgroup(self, _name: str, description: str) -> Any:
        """Return a group that takes options as one of pytest's does."""
        group: Any = self.made.add_argument_group(description)
        group.addoption = group.add_argument
        return group


def parser() -> argparse.ArgumentParser:
    """Return the parser, for the page about the command."""
    groups: Any = ArgparseGroups()
    options.add(groups)
    made: argparse.ArgumentParser = groups.made
    return made
