"""TensorBoard and its profile plugin: whether they are there, and how to open a trace."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

NEEDED = {
    "tensorboard": "tensorboard",
    "tensorboard_plugin_profile": "tensorboard-plugin-profile",
    "xprof": "xprof",
}


class MissingPluginError(ImportError):
    """TensorBoard or its profile plugin is not installed."""


def require_plugin() -> None:
    """Check that traces can be read and shown.

    Raises:
        MissingPluginError: if not; it says what to install.
    """
    missing = [package for module, package in NEEDED.items() if find_spec(module) is None]
    if missing:
        raise MissingPluginError(
            f"{', '.join(missing)} not installed; run: pip install -e . --group profile"
        )


def command(results: Path) -> list[str]:
    """Return the command that shows traces.

    Args:
        results: the folder of all runs.
    """
    return [_short(Path(sys.executable)), "-m", "tensorboard.main", "--logdir", results.as_posix()]


def serve(results: Path) -> int:
    """Run TensorBoard until the user ends it.

    Args:
        results: the folder of all runs.

    Returns:
        Its exit status; 0 when ended by Ctrl+C.
    """
    with subprocess.Popen([sys.executable, *command(results)[1:]]) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            return 0


def _short(path: Path) -> str:
    """Write a path from here where it is below, with slashes that every shell takes."""
    folder = path.parent.absolute()  # not resolved: an environment's Python is a link
    is_below = folder.is_relative_to(Path.cwd())
    here = folder.relative_to(Path.cwd()) if is_below else path.parent
    return (here / path.name).as_posix()
