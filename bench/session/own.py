"""The options that ask for cases of the user's own, in place of the suite's sweeps."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from bench.operators import ALL_OPERATORS, OPERATORS
from bench.own import cases
from bench.parsing import KEYS
from bench.sweeps import Contest, Sweep

# The modules whose benchmarks are planned here, by the file's name.
OF_CASES = "bench_cases"
OWN = (OF_CASES, "bench_layers")

CONTESTS = pytest.StashKey[Mapping[str, Sequence[Contest]]]()


def add(group: pytest.OptionGroup) -> None:
    """Add the options.

    Args:
        group: the options of the sweeps.
    """
    group.addoption(
        "--case",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="measure a case of your own in place of the sweeps: sizes that differ from the base "
        f"case, among {', '.join(KEYS)}; kernel_size, strides and dilation_rate also as "
        "3x7; direction=forward or =training for one of the two alone; may be repeated",
    )
    group.addoption(
        "--axis",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="measure a sweep of your own: one size of the base case, or of the one --case, takes "
        "these values; may be repeated",
    )
    group.addoption(
        "--operators",
        nargs="+",
        default=[],
        metavar="NAME",
        help="who competes with the baseline, in the sweeps or in cases of your own: "
        f"{', '.join(map(repr, ALL_OPERATORS))}",
    )


def complete(config: pytest.Config) -> None:
    """Plan what the options ask for.

    Raises:
        pytest.UsageError: if they ask for what is not there, or does not fit.
    """
    option = config.option
    try:
        option.operators = cases.checked_operators(option.operators)
        config.stash[CONTESTS] = _contests(option)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def _contests(option: argparse.Namespace) -> dict[str, Sequence[Contest]]:
    found: dict[str, Sequence[Contest]] = {}
    if option.case or option.axis:
        operators = cases.chosen(option.operators, ALL_OPERATORS) if option.operators else OPERATORS
        found[OF_CASES] = cases.contests(option.case, option.axis, operators)
    return found


def is_ignored(config: pytest.Config, path: Path) -> bool:
    """Say whether a file has no part in a run: the sweeps where own cases are asked for, or these.

    Args:
        config: pytest's configuration.
        path: a file that pytest would collect.
    """
    asked = config.stash[CONTESTS]
    if asked:
        return path.stem.startswith("bench_") and path.stem not in asked
    return path.stem in OWN


def contests(config: pytest.Config, module: ModuleType) -> Sequence[Contest]:
    """Return the sweeps of a module, each with its operators.

    Args:
        config: pytest's configuration.
        module: a file that pytest has collected; one without a sweep has none.
    """
    name = module.__name__.rpartition(".")[2]
    if name in OWN:
        return config.stash[CONTESTS].get(name, [])
    sweep = getattr(module, "SWEEP", None)
    if not isinstance(sweep, Sweep):
        return []
    names = config.option.operators
    operators = getattr(module, "OPERATORS", OPERATORS)
    if not names:
        return [Contest(sweep, operators)]
    # Where a sweep takes the operators of all sweeps, any other may join.
    operators = cases.chosen(names, ALL_OPERATORS if operators is OPERATORS else operators)
    return [Contest(sweep, operators)]


def suite(config: pytest.Config) -> dict[str, object]:
    """Return the settings that two runs must share, those alone that were given."""
    option = config.option
    given = {"cases": option.case, "axes": option.axis, "operators": option.operators}
    return {name: value for name, value in given.items() if value}
