"""In what two runs differ apart from the code: machine, software and settings."""

from reports.sweeps.run import SweepRun
from reports.text import machine
from reports.text.identity import HARDWARE, SOFTWARE

# What identifies a machine and its settings; load and clock differ between any two runs.
IDENTITY = {"node": ("node",), **HARDWARE, **SOFTWARE}


def differences(before: SweepRun, after: SweepRun) -> list[str]:
    """Say in what two runs differ apart from the code.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Sentences; none if machine and settings are the same.
    """
    pairs: list[tuple[str, object, object]] = [
        *(
            (name, machine.dig(before.machine_info, path), machine.dig(after.machine_info, path))
            for name, path in IDENTITY.items()
        ),
        ("sweep_size", before.sweep_size, after.sweep_size),
        ("cache", _cache(before), _cache(after)),
    ]
    return [
        f"{name.replace('_', ' ')}: {machine.text(old)} before, {machine.text(new)} after"
        for name, old, new in pairs
        if old != new
    ]


def _cache(run: SweepRun) -> str | None:
    """The state of the caches before its timed calls; None in older files."""
    return " and ".join(sorted({*run.records["cache"].dropna()})) or None
