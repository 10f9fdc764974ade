"""Virtual nodes of a cluster, in one actor of Ray: their tasks sleep, and fail at random.

python -m tests.acceptance.virtual 200 10000
"""

import asyncio
import random
import sys
from collections import Counter

from bench.cluster.connection import connected
from bench.cluster.nodes import RayPlaces
from bench.cluster.schedule import Scheduler
from bench.cluster.tasks import ATTEMPTS, Task

import ray  # isort: skip - after the settings of `bench.cluster`

# Seconds that a task takes on average, and how often one fails.
SECONDS, FAILING = 2.0, 0.05


class Nodes:
    """An actor that does the tasks of all virtual nodes at once."""

    def __init__(self, seed):
        self._chance = random.Random(seed)

    async def describe(self):
        return {}

    async def run(self, work):
        await asyncio.sleep(self._chance.uniform(0, 2 * SECONDS))
        if self._chance.random() < FAILING:
            raise ValueError("at random")
        return work


class Asker:
    """Gives the tasks, and counts what comes of them."""

    is_waiting = False

    def __init__(self, places):
        self.scheduler = Scheduler(places, self)
        self.ended = Counter()
        self.given_up = 0

    def joined(self, place):
        self.scheduler.admit(place.name, "")

    def left(self, place, reason):
        raise AssertionError(f"{place.name} left: {reason}")

    def started(self, task, place):
        pass

    def finished(self, task, place, value, seconds):
        assert value == task.work
        self.ended[task.work] += 1

    def failed(self, task):
        assert len(set(task.tried)) == ATTEMPTS
        self.ended[task.work] += 1
        self.given_up += 1

    def tick(self):
        pass


def main(nodes, units):
    described = [
        {"NodeID": f"{n:032x}", "Alive": True, "NodeManagerHostname": n, "Resources": {"CPU": 1}}
        for n in range(nodes)
    ]
    with connected(None, {}):
        actor = ray.remote(Nodes).options(max_concurrency=2 * nodes, num_cpus=0).remote(0)
        places = RayPlaces(len, nodes=lambda: described, start_agent=lambda *_: actor)
        asker = Asker(places)
        asker.scheduler.submit(Task(str(number), number) for number in range(units))
        asker.scheduler.run()
    assert asker.ended == dict.fromkeys(range(units), 1)
    print(f"{units} units on {nodes} nodes, each once; {asker.given_up} failed on {ATTEMPTS} nodes")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
