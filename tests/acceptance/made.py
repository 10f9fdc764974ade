"""Many runs made from real ones: more records, other commits and days, other noise, changes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

import numpy as np

Document = Mapping[str, Any]

# Larger than any batch in a run, so that no repeated case is equal to another.
STEP = 1000
# The noise that is added to each round, as a share.
NOISE = 0.02
# How many of the cases change, and by how much.
CHANGING, CHANGE = 0.1, 1.1
FIRST, BETWEEN = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=3)


def repeated(entries: Sequence[Document]) -> Iterator[dict[str, Any]]:
    """The records over and over, each time with another batch."""
    for turn in count():
        for entry in entries:
            info = entry["extra_info"]
            yield {
                **entry,
                "fullname": entry["fullname"].replace("[", f"[{turn}-", 1),
                "extra_info": {
                    **info,
                    "batch": info["batch"] + turn * STEP,
                    # Older files name no measurement.
                    "measurement": info.get("measurement") and f"{turn} {info['measurement']}",
                },
            }


def runs(sources: Sequence[Document], number: int, records: int, seed: int) -> Iterator[Document]:
    """Make runs of consecutive commits, one commit each.

    Args:
        sources: real runs of one machine, which are taken in turn.
        number: how many to make.
        records: how many records each has.
        seed: of noise and changes.

    Returns:
        Results files. A tenth of the cases becomes 10 % slower at some commit, and stays so.
    """
    random = np.random.default_rng(seed)
    changes: dict[str, float] = {}
    for place in range(number):
        source = sources[place % len(sources)]
        moment = (FIRST + place * BETWEEN).isoformat()
        commit = hashlib.sha1(str(place).encode(), usedforsecurity=False).hexdigest()
        baselines: dict[object, np.ndarray] = {}
        benchmarks = []
        for entry in islice(repeated(source["benchmarks"]), records):
            if entry["fullname"] not in changes:
                changing = random.random() < CHANGING
                changes[entry["fullname"]] = random.uniform(0, number) if changing else np.inf
            slower = CHANGE if place >= changes[entry["fullname"]] else 1.0
            benchmarks.append(_timed(entry, slower, baselines, random))
        yield {
            **source,
            "benchmarks": benchmarks,
            "commit_info": {**source["commit_info"], "id": commit, "time": moment},
            "datetime": moment,
        }


def _timed(entry, slower, baselines, random):
    """An entry with other rounds; those of its baseline are the same in a whole measurement."""
    info = entry["extra_info"]
    measurement, own = info["measurement"], np.array(entry["stats"]["data"])
    of_baseline = np.array(info["baseline_seconds"])
    known = baselines.get(measurement, np.ones(0))
    # Operators of one measurement have a number of rounds each, of the first of the baseline.
    more = max(len(of_baseline) - len(known), 0)
    noise = baselines[measurement] = np.append(known, np.exp(random.normal(0, NOISE, more)))
    of_baseline = of_baseline * noise[: len(of_baseline)]
    if info["is_baseline"]:
        own = of_baseline
    else:
        own = own * slower * np.exp(random.normal(0, NOISE, len(own)))
    return {
        **entry,
        "stats": {**entry["stats"], "data": own.tolist()},
        "extra_info": {**info, "baseline_seconds": of_baseline.tolist()},
    }
