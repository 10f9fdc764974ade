"""Reasons to doubt a run that is otherwise valid."""

from collections.abc import Mapping
from typing import Any

from reports.sweeps import upgrade
from reports.sweeps.document import ResultsFile
from reports.sweeps.record import FORMAT
from reports.text import units

# Share of the cores that other programs kept busy; in older files, the load average for each core.
BUSY = 0.5


def doubts(content: ResultsFile) -> list[str]:
    """Say why a reader should doubt a run.

    Args:
        content: of a valid results file.

    Returns:
        Sentences; each says what to do about it.
    """
    found = []
    if content.suite.format < FORMAT:
        found.append(upgrade.WARNING)
    if content.commit_info.get("dirty") is True:
        found.append("Measured with uncommitted changes: commit them to make it repeatable.")
    if not content.machine_info:
        found.append("Says nothing about its machine: compare it with no other run.")
    if content.suite.sweep_size == "quick":
        found.append("A quick run: few rounds; use --sweep-size default to decide on it.")
    cores, load = content.machine_info.get("cores"), content.conditions.get("load", 0)
    if type(cores) is int and load > BUSY * cores:
        found.append(
            f"The machine was busy when it began (load {load:.1f} on "
            f"{units.counted(cores, 'core')}): stop what else runs and measure again."
        )
    if _could_use_onednn(content.machine_info):
        found.append(
            "TensorFlow's convolutions ran without oneDNN, with which they can take half the time: "
            "measure with TF_ENABLE_ONEDNN_OPTS=1 as well."
        )
    return found


def _could_use_onednn(info: Mapping[str, Any]) -> bool:
    """Whether TensorFlow was built with oneDNN and left it out, as on x86 without AVX-512 VNNI."""
    is_linux = info.get("system") == "Linux"
    return is_linux and info.get("onednn") is False and not info.get("accelerators")
