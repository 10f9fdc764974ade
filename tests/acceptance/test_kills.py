"""A sweep that is killed at random moments and resumed: nothing is lost or done twice.

Twenty kills of a quick sweep take some fifteen minutes; --swept chooses a part of it.
"""

import json
import random
import subprocess
import time

from tests.acceptance import command


def test_a_killed_sweep_is_resumed(option, say, tmp_path):
    chance = random.Random(option("--seed"))
    start = time.perf_counter()
    whole = tmp_path / "whole.json"
    assert _sweep(whole, option("--swept")).wait() == 0, _log(whole).read_text()
    seconds = time.perf_counter() - start
    expected = _cases(whole)
    say(f"undisturbed: {len(expected)} cases in {seconds:.0f} s")
    kills = sweeps = 0
    while kills < option("--kills"):
        path = tmp_path / f"killed-{sweeps}.json"
        kills += _swept(path, option, kills, lambda: chance.uniform(0, seconds), say)
        sweeps += 1
        assert _cases(path) == expected, _log(path).read_text()
        assert sorted(_measured(path)) == sorted(expected), _log(path).read_text()
        say(f"sweep {sweeps}: every one of {len(expected)} cases exactly once")
    say(f"{kills} kills in {sweeps} sweeps: nothing lost, nothing twice, all records valid")


def _swept(path, option, before, moment, say):
    """Run a sweep to its end, killed each time at a random moment; return the number of kills."""
    kills = 0
    while True:
        process = _sweep(path, option("--swept"))
        try:
            process.wait(moment() if before + kills < option("--kills") else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            say(f"kill {before + kills}: {len(_measured(path))} cases in the journal")
        else:
            assert process.returncode == 0, _log(path).read_text()
            return kills


def _sweep(path, expression):
    words = ("bench", "--sweep-size=quick", f"-k={expression}", "--resume")
    return command.sweep(path, *words, log=_log(path))


def _log(path):
    """Where pytest's output goes: of the latest attempt, to be shown if it fails."""
    return path.with_suffix(".log")


def _measured(path):
    """The test ids in the journal, in the order in which they were measured."""
    journal = path.with_name(f"{path.name}.journal")
    text = journal.read_text() if journal.exists() else ""
    lines = text[: text.rfind("\n") + 1].splitlines()
    return [line["measured"] for line in map(json.loads, lines) if "measured" in line]


def _cases(path):
    """The test ids in order, after a check that every case was measured and every record valid."""
    document = json.loads(path.read_text())
    assert document["unmeasured"] == []
    ids = [entry["fullname"] for entry in document["benchmarks"]]
    assert [row["fullname"] for row in command.judged(path)] == ids
    return ids
