"""How sweeps end: by hand, by a formula that fails, by a reader that is gone; and what they say."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from bench import bench_core, bench_grid, bench_groups, bench_models, bench_stride
from bench.session.plan import pasted
from bench.session.progress import ATTEMPTS, Progress
from bench.sweeps import SWEEP_SIZES

ROOT = Path(__file__).parents[3]
SHORT = ("--benchmark-only", "--sweep-size=quick", "--benchmark-max-time=0.02")


def command(*words):
    return [sys.executable, "-m", "pytest", *map(str, words), *SHORT]


def run(*words, **environment):
    return subprocess.run(
        command(*words),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_an_interruption_by_hand_is_no_crash(tmp_path):
    words = ("-p", "tests.bench.stopping", "bench/bench_stride.py", "-k=stopping-forward-1")
    process = run(*words, f"--benchmark-json={tmp_path / 'bench.json'}")
    assert process.returncode == 2
    assert b"KeyboardInterrupt" in process.stdout
    assert b"Warning" not in process.stdout + process.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["bench.json.journal"]
    lines = map(json.loads, (tmp_path / "bench.json.journal").read_text().splitlines())
    keys = [next(iter(line)) for line in lines][1:]
    assert keys == ["conditions", *["at_work"] * 3, "spent"]


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


def test_formulas_that_fail_leave_a_record_with_the_reason(tmp_path):
    path = tmp_path / "bench.json"
    words = ("-p", "tests.bench.costless", "bench/bench_stride.py", "-k=costless-forward-1")
    process = run(*words, f"--benchmark-json={path}")
    assert process.returncode == 1
    assert b"Warning" not in process.stdout
    (record,) = json.loads(path.read_text())["unmeasured"]
    assert record["operator"] == "costless"
    assert record["macs"] is None
    assert record["notes"] == ["not measured: ZeroDivisionError: no formula for this case"]


def test_sweeps_that_are_no_part_are_named(tmp_path):
    words = ("bench", "-k=none", f"--benchmark-json={tmp_path / 'bench.json'}")
    process = run(*words)
    assert b"Skipped, not part of a quick sweep: core, generated, grid, models" in process.stdout


def test_the_command_for_the_report_can_be_pasted_and_any_terminal_shows_it(tmp_path):
    path = tmp_path / "my $results\udcff" / "bench.json"
    words = ("bench/bench_stride.py", "-k=convolution-forward-1 and not depthwise")
    process = run(*words, f"--benchmark-json={path}", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert process.returncode == 0, process.stdout
    (line,) = [each for each in process.stdout.decode().splitlines() if "Report:" in each]
    command, *given = shlex.split(line)[1:]
    assert [command, *given[:2]] == ["python", "-m", "reports"]
    assert len(given) == 3
    assert "/my $results" in given[2]
    assert json.loads(path.read_text())["benchmarks"]


def test_a_reader_that_is_gone_loses_no_finished_case(tmp_path):
    path = tmp_path / "bench.json"
    words = ("bench/bench_stride.py", "-k=depthwise and forward", f"--benchmark-json={path}")
    process = subprocess.Popen(
        command(*words), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while b"PASSED" not in (line := process.stdout.readline()) and b"x convolution" not in line:
        assert line, "no case was measured"
    process.stdout.close()
    process.stderr.close()
    process.wait()
    assert b'"measured"' in (tmp_path / "bench.json.journal").read_bytes()
    resumed = run(*words, "--resume")
    assert resumed.returncode == 0, resumed.stdout
    assert len(json.loads(path.read_text())["benchmarks"]) == 2


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
