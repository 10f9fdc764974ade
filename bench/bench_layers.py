"""The layers of the user's own model, of `--layers-of`: planned by `bench.own.contests`."""

from collections.abc import Callable


def bench_layers(measure: Callable[[], None]) -> None:
    measure()
