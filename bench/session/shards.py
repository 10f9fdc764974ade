"""Part of a sweep for each of several machines."""

import argparse
from collections.abc import Hashable, Sequence


def shard(text: str) -> tuple[int, int]:
    """Parse "i/n".

    Args:
        text: such as "1/4".

    Returns:
        The number of the shard, from 1, and how many there are.

    Raises:
        argparse.ArgumentTypeError: if it is no such thing.
    """
    number, slash, count = text.partition("/")
    if slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise argparse.ArgumentTypeError(f"expected i/n with 1 <= i <= n. Received: {text}")


def chosen(keys: Sequence[Hashable], number: int, count: int) -> list[bool]:
    """Say which entries are of a shard; equal keys stay together.

    Args:
        keys: what each entry belongs to.
        number: of the shard, from 1.
        count: how many shards there are.

    Returns:
        One truth value an entry. The shards have all entries between them, none twice.

    Example:
        >>> chosen(["a", "a", "b", "c"], 1, 2)
        [True, True, False, True]
    """
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [places[key] % count == number - 1 for key in keys]
