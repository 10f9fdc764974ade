"""Nodes and drivers of a cluster that are killed at random moments: nothing is lost or done twice.

The nodes are on this machine. Twenty kills take some twenty minutes; --swept chooses another part
of the quick sweep.
"""

import json
import time
from functools import partial

from tests.acceptance import command
from tests.acceptance.nodes import Kills

SWEPT = "stride or resolution"


def test_every_case_is_measured_once_whatever_ends(option, say, tmp_path, cluster):
    swept = option("--swept") or SWEPT
    whole = tmp_path / "whole"
    start = time.perf_counter()
    assert _run(cluster, whole, swept).wait() == 0, _log(whole).read_text()
    seconds = time.perf_counter() - start
    expected = _cases(whole)
    say(f"undisturbed: {len(expected)} cases in {seconds:.0f} s")
    kills, runs = Kills(option("--kills"), option("--seed"), cluster, say), 0
    while kills.left:
        folder = tmp_path / f"run-{runs}"
        runs += 1
        status = kills.run(
            partial(_run, cluster, folder, swept),
            (3.0, seconds),
            lambda folder=folder: f"{len(_measured(folder))} cases in the journal",
        )
        assert status == 0, _log(folder).read_text()
        assert _cases(folder) == expected, _log(folder).read_text()
        assert sorted(_measured(folder)) == sorted(expected), _log(folder).read_text()
        say(f"run {runs}: every one of {len(expected)} cases exactly once")
    say(f"{option('--kills')} nodes and drivers were killed in {runs} runs: nothing lost or twice")


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
