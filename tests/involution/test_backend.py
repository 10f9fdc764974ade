"""Another Keras backend is refused in one sentence."""

import importlib
import json
import os
import subprocess
import sys

import keras
import pytest

from involution import backend
from involution.backend import SUPPORTED, check_backend

MESSAGE = (
    "involution needs the Keras backend 'tensorflow': set the environment variable "
    "KERAS_BACKEND=tensorflow before the first import of keras. Received: {!r}"
)


def imported(code, **environment):
    """Run Python code in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_supported_backend_is_taken(name):
    check_backend(name)


@pytest.mark.parametrize("name", ["jax", "torch", "numpy"])
def test_another_backend_is_refused_with_what_came_and_how_to_set_it(name):
    with pytest.raises(ImportError) as refusal:
        check_backend(name)
    assert str(refusal.value) == MESSAGE.format(name)


def test_the_import_is_refused_where_the_other_backend_is_installed(monkeypatch):
    """Keras is made to say that it runs on another backend, since none is installed here."""
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(ImportError, match="Received: 'jax'"):
        importlib.reload(backend)


@pytest.mark.slow
def test_the_import_is_refused_where_the_other_backend_is_missing():
    """Keras itself cannot be imported without the package of its backend."""
    code = "import sys; sys.modules['jax'] = None; import involution"
    process = imported(code, KERAS_BACKEND="jax")
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == f"ImportError: {MESSAGE.format('jax')}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["torch", "openvino", "no_such_backend", "numpy"])
@pytest.mark.parametrize("place", ["environment", "file"])
def test_the_import_is_refused_wherever_the_backend_was_chosen(name, place, tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": name} if place == "file" else {}))
    environment = {"KERAS_HOME": str(tmp_path), "KERAS_BACKEND": name * (place == "environment")}
    # The last one is installed: Keras needs it in any case.
    missing = "" if name == "numpy" else f"import sys; sys.modules[{name!r}] = None; "
    process = imported(f"{missing}import involution", **environment)
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == f"ImportError: {MESSAGE.format(name)}"


@pytest.mark.slow
@pytest.mark.parametrize("content", ["", "[]", "{damaged", '{"backend": "tensorflow"}'])
def test_a_file_without_another_backend_refuses_nothing(content, tmp_path):
    (tmp_path / "keras.json").write_text(content)
    code = "import sys; sys.modules['absl'] = None; import involution"
    process = imported(code, KERAS_HOME=str(tmp_path), KERAS_BACKEND="")
    assert process.returncode == 1
    assert "involution needs" not in process.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "name"), [("keras", "jax"), ("keras", "tensorflow"), ("absl", "tensorflow")]
)
def test_another_missing_package_is_named_as_such(missing, name):
    code = f"import sys; sys.modules[{missing!r}] = None; import involution"
    process = imported(code, KERAS_BACKEND=name)
    assert process.returncode == 1
    assert missing in process.stderr.splitlines()[-1]
    assert "involution needs" not in process.stderr
