"""What `python -m bench.cluster` takes longer than `pytest bench` on the same node.

Two runs of the default sweep, or of a part of it by --swept: some fifteen minutes, on an idle
machine.
"""

import time

from tests.acceptance import command

MOST_OVERHEAD = 0.10


def test_the_overhead_is_small(option, say, tmp_path):
    words = [f"-k={option('--swept')}"] if option("--swept") else []
    seconds = {}
    for name, start in (
        ("pytest bench", lambda log: command.sweep(tmp_path / "a.json", "bench", *words, log=log)),
        ("a cluster", lambda log: command.cluster(tmp_path / "b", words=words, log=log)),
    ):
        log, begin = tmp_path / f"{name}.log", time.perf_counter()
        assert start(log).wait() == 0, log.read_text()
        seconds[name] = time.perf_counter() - begin
        say(f"{name}: {seconds[name]:.0f} s")
    overhead = seconds["a cluster"] / seconds["pytest bench"] - 1
    say(f"overhead: {100 * overhead:.1f} %")
    assert overhead <= MOST_OVERHEAD
