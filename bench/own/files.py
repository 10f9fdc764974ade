"""Models in `.keras` files, and why one cannot be read."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras

import involution  # noqa: F401 - registers the layers that a file may hold
from bench.own.errors import ModelError

# Endings of files of models. Keras 3 reads the first in full.
FORMATS = (".keras", ".h5", ".hdf5", ".pb", ".tf", ".pt", ".pth", ".onnx", ".tflite")
HDF5 = b"\x89HDF"
CONFIG = "config.json"
SAVE = 'save it with model.save("x.keras")'
# Before, a file could leave the safe mode: CVE-2025-8747 and CVE-2025-49655.
SAFE_SINCE = (3, 12)
# What is no part of the graph of layers.
NOT_LOADED = ("compile_config", "build_config")


def from_file(path: Path, *, trusted: bool) -> keras.Model:
    """Return the model in a `.keras` file, without its optimizer.

    Args:
        path: of the file.
        trusted: whether the file may run code that it holds: Keras's safe mode is then off.

    Returns:
        The model.

    Raises:
        ModelError: if the file is none or damaged, or the model in it needs what is not there.
    """
    config = _checked_config(path)
    if not trusted and _version(keras.__version__) < SAFE_SINCE:
        raise ModelError(
            f"The safe mode of Keras {keras.__version__} lets files run code: install Keras "
            f"{'.'.join(map(str, SAFE_SINCE))} or newer, or give `--trust-model` if you trust it"
        )
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=not trusted)
    except Exception as error:  # a file can make Keras raise anything
        reason = _reason(config, trusted=trusted) or _first_line(error)
        raise ModelError(f"The model in {path} cannot be loaded: {reason}") from error


def _checked_config(path: Path) -> Any:
    """Return the configuration of a model, which is one file in the archive."""
    if not path.exists():
        raise ModelError(f"There is no file {path}")
    if path.is_dir():
        kind = "a SavedModel" if (path / "saved_model.pb").exists() else "a folder"
        raise ModelError(f"A model must be a .keras file, and {path} is {kind}: {SAVE}")
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            is_hdf5 = file.read(len(HDF5)) == HDF5
        kind = "an HDF5 file" if is_hdf5 else "none, or damaged"
        raise ModelError(f"A model must be a .keras file, and {path} is {kind}: {SAVE}")
    if path.suffix != ".keras":
        raise ModelError(f'The name of the file of a model must end in ".keras". Received: {path}')
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(CONFIG))
    except Exception as error:  # a damaged archive can raise anything
        raise ModelError(
            f"The file {path} is damaged: {CONFIG} in it cannot be read ({_first_line(error)})"
        ) from error


def _reason(config: Any, *, trusted: bool) -> str | None:
    """Return why Keras refuses a model, as far as its configuration shows it."""
    found = list(_objects(config))
    if not trusted and any(_runs_code(each) for each in found):
        return (
            "it holds code of its own, such as a lambda, which runs when it is loaded; give "
            "`--trust-model` if you trust the file"
        )
    missing = dict.fromkeys(name for each in found if (name := _missing(each)))
    if missing:
        return (
            f"it needs {', '.join(missing)}, which nothing registers; decorate each with "
            "`@keras.saving.register_keras_serializable()` in a module of your own, and name it "
            "with `--import MODULE`"
        )
    return None


def _objects(config: Any) -> Iterator[dict[str, Any]]:
    """Yield the serialized objects in a configuration, outer ones first."""
    if isinstance(config, dict):
        if "class_name" in config:
            yield config
        for key, value in config.items():
            if key not in NOT_LOADED:
                yield from _objects(value)
    elif isinstance(config, list):
        for value in config:
            yield from _objects(value)


def _runs_code(serialized: dict[str, Any]) -> bool:
    return serialized["class_name"] in ("__lambda__", "TFSMLayer", "TorchModuleWrapper")


def _missing(serialized: dict[str, Any]) -> str | None:
    """Return the name of a class or function that is neither Keras's nor registered."""
    name, module = serialized["class_name"], serialized.get("module")
    if name == "function":
        function = str(serialized["config"])
        places = (keras.activations, keras.initializers, keras.losses, keras.ops)
        is_known = any(hasattr(place, function) for place in places)
        registered = keras.saving.get_registered_object(function)
        return None if is_known or registered else f"the function {function}"
    registered_name = serialized.get("registered_name")
    of_keras = module is not None and module.split(".")[0] == "keras"
    if of_keras or registered_name is None:
        return None
    return None if keras.saving.get_registered_object(registered_name) else f"the class {name}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
