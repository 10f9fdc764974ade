"""Random ends of the nodes and the driver of a Ray cluster on this machine."""

import random
import subprocess


class Kills:
    """Random ends of nodes and drivers, half of either.

    Args:
        count: how many there are.
        seed: of the order and the moments.
        cluster: whose nodes are killed; another joins for each.
        say: is told what is killed, and when.
    """

    def __init__(self, count, seed, cluster, say):
        self.chance = random.Random(seed)
        self.left = ["node"] * (count // 2) + ["driver"] * (count - count // 2)
        self.chance.shuffle(self.left)
        self._cluster, self._say = cluster, say

    def run(self, start, moments, reached):
        """Run a driver to the end, killing it and nodes on the way.

        Args:
            start: starts the driver, again after each kill of it.
            moments: seconds between which a kill comes after the one before.
            reached: returns in words what is on disk.

        Returns:
            The exit status of the driver.
        """
        process = start()
        while True:
            try:
                return process.wait(self.chance.uniform(*moments) if self.left else None)
            except subprocess.TimeoutExpired:
                end = self.left.pop()
                self._say(f"a {end} is killed: {reached()}")
                if end == "driver":
                    process.kill()
                    process.wait()
                    process = start()
                else:
                    node = self.chance.choice(list(self._cluster.worker_nodes))
                    self._cluster.remove_node(node, allow_graceful=False)
                    self._cluster.add_node(num_cpus=1)
