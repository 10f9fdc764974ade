"""Nodes and drivers of a cluster that are killed at random moments: nothing is lost or done twice.

The nodes are on this machine. Twenty kills take some twenty minutes; --swept chooses another part
of the quick sweep.
"""

import json
import random
import subprocess
import time

import pytest

from tests.acceptance import command

SWEPT = "stride or resolution"
# When the cluster notices that one is gone, without waiting for half a minute.
NOTICING = {"health_check_period_ms": 500, "health_check_failure_threshold": 4}


@pytest.fixture
def cluster():
    """A head node that measures nothing, and two that do."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - other tests need no Ray

    made = Cluster(head_node_args={"num_cpus": 0, "_system_config": NOTICING})
    made.add_node(num_cpus=1)
    made.add_node(num_cpus=1)
    yield made
    made.shutdown()


def test_every_case_is_measured_once_whatever_ends(option, say, tmp_path, cluster):
    chance, kills = random.Random(option("--seed")), option("--kills")
    swept = option("--swept") or SWEPT
    whole = tmp_path / "whole"
    start = time.perf_counter()
    assert _run(cluster, whole, swept).wait() == 0, _log(whole).read_text()
    seconds = time.perf_counter() - start
    expected = _cases(whole)
    say(f"undisturbed: {len(expected)} cases in {seconds:.0f} s")
    ends = ["node"] * (kills // 2) + ["driver"] * (kills - kills // 2)
    chance.shuffle(ends)
    runs = 0
    while ends:
        folder = tmp_path / f"run-{runs}"
        runs += 1
        _disturbed(folder, swept, cluster, ends, chance, seconds, say)
        assert _cases(folder) == expected, _log(folder).read_text()
        assert sorted(_measured(folder)) == sorted(expected), _log(folder).read_text()
        say(f"run {runs}: every one of {len(expected)} cases exactly once")
    say(f"{kills} nodes and drivers were killed in {runs} runs: nothing lost, nothing twice")


def _disturbed(folder, swept, cluster, ends, chance, seconds, say):
    """Run to the end, while nodes and drivers are killed."""
    process = _run(cluster, folder, swept)
    while True:
        try:
            process.wait(chance.uniform(3.0, seconds) if ends else None)
        except subprocess.TimeoutExpired:
            end = ends.pop()
            say(f"a {end} is killed: {len(_measured(folder))} cases in the journal")
            if end == "driver":
                process.kill()
                process.wait()
                process = _run(cluster, folder, swept)
            else:
                node = chance.choice(list(cluster.worker_nodes))
                cluster.remove_node(node, allow_graceful=False)
                cluster.add_node(num_cpus=1)
        else:
            assert process.returncode == 0, _log(folder).read_text()
            return


def _run(cluster, folder, swept):
    words = ("--sweep-size=quick", f"-k={swept}", "--benchmark-max-time=0.05")
    return command.cluster(
        folder, f"--address={cluster.address}", "--resume", words=words, log=_log(folder)
    )


def _log(folder):
    return folder.with_suffix(".log")


def _measured(folder):
    """The test ids in the journal, in the order in which they were measured."""
    journal = folder / "bench.json.journal"
    text = journal.read_text() if journal.exists() else ""
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [line["measured"] for line in map(json.loads, lines) if "measured" in line]


def _cases(folder):
    """The test ids in order, after a check that every case was measured and every record valid."""
    path = folder / "bench.json"
    document = json.loads(path.read_text())
    assert document["unmeasured"] == []
    ids = [entry["fullname"] for entry in document["benchmarks"]]
    assert [row["fullname"] for row in command.judged(path)] == ids
    return ids
