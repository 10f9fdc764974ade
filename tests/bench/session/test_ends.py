"""How sweeps end: by hand, by a reader that is gone; and names that can be given to `-k`."""

import json
import os
import subprocess
from types import SimpleNamespace

import pytest
from _pytest.mark.expression import Expression

from bench import bench_core, bench_grid, bench_groups, bench_models, bench_stride
from bench.fingerprint import fingerprint
from bench.session.journal import Journal
from bench.session.plan import pasted
from bench.session.plugin import PROGRESS, pytest_sessionfinish
from bench.session.progress import ATTEMPTS, Progress
from bench.sweeps import SWEEP_SIZES
from tests.bench.session.starting import PLUGINS, ROOT, command, run


@pytest.mark.slow
@pytest.mark.posix
def test_an_interruption_by_hand_is_no_crash(tmp_path):
    words = ("-p", "tests.bench.stopping", "bench/bench_stride.py", "-k=stopping-forward-1")
    process = run(*words, f"--benchmark-json={tmp_path / 'bench.json'}")
    assert process.returncode == 2
    assert "KeyboardInterrupt" in process.stdout
    assert "Warning" not in process.stdout + process.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]
    lines = map(json.loads, (tmp_path / "bench.json.journal").read_text().splitlines())
    keys = [next(iter(line)) for line in lines][1:]
    assert keys == ["conditions", *["at_work"] * 3, "spent"]


def test_a_run_that_ends_before_its_first_case_ends_quietly(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a"])
    progress.begin({})
    config = SimpleNamespace(stash={PROGRESS: progress})
    finishing = pytest_sessionfinish(SimpleNamespace(config=config, exitstatus=2))
    next(finishing)
    with pytest.raises(StopIteration):
        finishing.send(None)
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]


def test_interruptions_by_hand_never_give_a_case_up(tmp_path):
    progress = Progress(tmp_path / "bench.json", ["a"])
    progress.begin({})
    for _ in range(ATTEMPTS + 1):
        progress.at_work(["a"])
        progress.at_work([])
        again = Progress(tmp_path / "bench.json", ["a"])
        again.resume({})
        assert not again.is_hopeless("a")


def test_an_operator_that_ends_the_process_again_and_again_is_given_up(tmp_path):
    """Those that were prepared before it are not."""
    plan = ["a", "b", "c"]
    Progress(tmp_path / "bench.json", plan).begin({})
    for attempt in range(ATTEMPTS + 1):
        again = Progress(tmp_path / "bench.json", plan)
        again.resume({})
        assert again.is_hopeless("b") == (attempt == ATTEMPTS)
        assert not again.is_hopeless("a")
        assert not again.is_hopeless("c")
        again.at_work(["a"])
        again.at_work(["b"])


@pytest.mark.slow
@pytest.mark.posix
def test_a_reader_that_is_gone_loses_no_finished_case(tmp_path):
    path = tmp_path / "bench.json"
    words = ("bench/bench_stride.py", "-k=depthwise and forward", f"--benchmark-json={path}")
    process = subprocess.Popen(
        command(*words),
        cwd=ROOT,
        env={**os.environ, **PLUGINS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while b"PASSED" not in (line := process.stdout.readline()) and b"x convolution" not in line:
        assert line, "no case was measured"
    process.stdout.close()
    process.stderr.close()
    process.wait()
    journal = Journal(tmp_path / "bench.json.journal")
    assert any("[depthwise-forward-1]" in test for test in journal.look().benchmarks)
    # A run with other code must not resume it.
    assert json.loads(journal.path.read_text().splitlines()[0])["code"] == fingerprint()


@pytest.mark.parametrize(
    "module", [bench_stride, bench_groups, bench_core, bench_grid, bench_models]
)
def test_names_can_be_given_to_k(module):
    """They have no letter that `-k` would take for one of its own."""
    sweep = module.SWEEP
    values = {sweep.value(case) for size in SWEEP_SIZES for case in sweep.cases(size)}
    names = {value: pasted(value) for value in values}
    assert len(set(names.values())) == len(names)
    for name in names.values():
        matched = Expression.compile(f"fused-forward-{name}").evaluate(
            lambda word, name=name, **_: word == f"fused-forward-{name}"
        )
        assert matched
