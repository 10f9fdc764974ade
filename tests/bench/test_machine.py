import json
import os

import keras
import tensorflow as tf

from bench.machine import conditions, describe


def test_the_machine_is_described_in_plain_values():
    machine = describe()
    assert json.loads(json.dumps(machine)) == machine
    assert machine["tensorflow"] == tf.__version__
    assert machine["keras"] == keras.__version__
    assert machine["cores"] >= 1
    assert machine["memory_bytes"] > 2**28
    assert 1 <= machine["usable_cores"] <= os.cpu_count()
    assert describe() == machine


def test_flags_that_change_results_are_kept(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=x")
    assert describe()["flags"]["XLA_FLAGS"] == "--xla_dump_to=x"


def test_a_machine_reaches_what_any_machine_reaches_and_none_exceeds():
    found = conditions()
    assert 1e8 < found["peak_flops"] < 1e16
    assert 1e8 < found["peak_bandwidth"] < 1e14
    assert found["load"] >= 0
