"""Cases and axes of the user's own, of `--case` and `--axis`: planned by `bench.own.cases`."""

from collections.abc import Callable


def bench_cases(measure: Callable[[], None]) -> None:
    measure()
