import json
import os
import subprocess
import sys

import keras
import pytest
import tensorflow as tf

from bench.session import machine
from bench.session.machine import conditions, describe


def test_the_machine_is_described_in_plain_values():
    described = describe()
    assert json.loads(json.dumps(described)) == described
    assert described["tensorflow"] == tf.__version__
    assert described["keras"] == keras.__version__
    assert described["cores"] >= 1
    assert described["memory_bytes"] > 2**28
    assert 1 <= described["usable_cores"] <= os.cpu_count()
    assert describe() == described


def test_the_threads_in_use_are_all_cores_unless_the_environment_says_otherwise(monkeypatch):
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    monkeypatch.setenv("TF_NUM_INTEROP_THREADS", "3")
    described = describe()
    assert described["threads"] == {"intra_op": described["usable_cores"], "inter_op": 3}


@pytest.mark.parametrize(
    "name", ["XLA_FLAGS", "TF_DETERMINISTIC_OPS", "KMP_AFFINITY", "NVIDIA_TF32_OVERRIDE"]
)
def test_flags_that_change_results_are_kept(name, monkeypatch):
    monkeypatch.setenv(name, "x=y")
    assert describe()["flags"][name] == "x=y"


@pytest.mark.slow
@pytest.mark.parametrize("value", ["0", "1", None])
def test_onednn_is_in_use_where_tensorflow_says_so(value):
    """Without the variable the processor decides; TensorFlow's log tells, and the record must."""
    done = describing("", value)
    is_on = "oneDNN custom operations are on" in done.stderr
    assert done.stdout.split()[-1] == str(is_on)
    assert not (is_on and value == "0")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="TensorFlow has this choice on Linux alone")
@pytest.mark.parametrize(("value", "is_on"), [(None, "True"), ("0", "False")])
def test_commands_turn_onednn_on_unless_they_are_told_otherwise(value, is_on):
    assert describing("import bench.startup;", value).stdout.split()[-1] == is_on


def describing(first, value):
    """Describe this machine in a fresh process, with a value of the variable of TensorFlow."""
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0"}
    environment.pop("TF_ENABLE_ONEDNN_OPTS", None)
    if value is not None:
        environment["TF_ENABLE_ONEDNN_OPTS"] = value
    code = f"{first}from bench.session.machine import describe; print(describe()['onednn'])"
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )


@pytest.mark.parametrize("name", ["TF_CLI_CONFIG_FILE", "TF_VAR_secret", "TF_CPP_MIN_LOG_LEVEL"])
def test_what_changes_no_result_is_not_kept(name, monkeypatch):
    monkeypatch.setenv(name, "x")
    assert name not in describe()["flags"]


@pytest.mark.posix  # a shell script stands in for the tool
@pytest.mark.parametrize(
    ("script", "version"), [("echo 535.104.05", "535.104.05"), ("exit 9", None), ("true", None)]
)
def test_the_driver_is_what_its_tool_says(script, version, monkeypatch, tmp_path):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert machine._driver() == version


def test_a_machine_reaches_what_any_machine_reaches_and_none_exceeds():
    found = conditions()
    assert 1e8 < found["peak_flops"] < 1e16
    assert 1e8 < found["peak_bandwidth"] < 1e14
    assert found["peak_product_size"] >= 512
    assert found["peak_copy_bytes"] > 2**20  # more than a cache, where memory is free
    assert found["last_cache_bytes"] > 2**15
    assert found["load"] >= 0
