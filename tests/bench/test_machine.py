import json

import keras
import tensorflow as tf

from bench.machine import describe


def test_the_machine_is_described_in_plain_values():
    machine = describe()
    assert json.loads(json.dumps(machine)) == machine
    assert machine["tensorflow"] == tf.__version__
    assert machine["keras"] == keras.__version__
    assert machine["cores"] >= 1
    assert machine["memory_bytes"] > 2**28
