"""Part of a sweep for each of several machines."""

import argparse
from collections.abc import Hashable, Sequence

from reports.sweeps.document import Shard


def shard(word: str) -> tuple[int, int]:
    """Parse "i/n".

    Args:
        word: such as "1/4".

    Returns:
        The number of the shard, from 1, and how many there are.

    Raises:
        argparse.ArgumentTypeError: if it has another form, or i is not between 1 and n.
    """
    number, slash, count = word.partition("/")
    if slash and number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
        return int(number), int(count)
    raise argparse.ArgumentTypeError(f"expected i/n with 1 <= i <= n. Received: {word}")


def chosen(keys: Sequence[Hashable], number: int, count: int) -> list[bool]:
    """Say which entries belong to a shard; entries with equal keys stay together.

    Args:
        keys: one key per entry.
        number: the number of the shard, from 1.
        count: how many shards there are.

    Returns:
        One truth value per entry. Each entry is in exactly one of the shards.

    Example:
        >>> chosen(["a", "a", "b", "c"], 1, 2)
        [True, True, False, True]
    """
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [places[key] % count == number - 1 for key in keys]


def described(plan: Sequence[str], cases: int, number: int, count: int) -> dict[str, object]:
    """Say in a results file which part of a plan it holds, so that parts can be joined.

    Args:
        plan: the test ids of all parts, in order.
        cases: how many of them this part has.
        number: the number of the shard, from 1.
        count: how many shards there are.
    """
    shard = Shard.model_validate(
        {"number": number, "count": count, "cases": cases, "plan": list(plan)}
    )
    return shard.model_dump()
