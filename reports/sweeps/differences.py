"""In what two runs differ apart from the code: machine, software and settings."""

from reports.sweeps.run import SweepRun
from reports.text import identity


def differences(before: SweepRun, after: SweepRun) -> list[str]:
    """Say in what two runs differ apart from the code.

    Args:
        before: the older run.
        after: the newer one.

    Returns:
        Sentences; none if machine and settings are the same.
    """
    return [
        f"{name}: {old} before, {new} after"
        for name, old, new in identity.differences(_identity(before), _identity(after))
    ]


def _identity(run: SweepRun) -> dict[str, object]:
    """What identifies a machine and its settings; load and clock differ between any two runs."""
    return {
        "node": run.machine_info.get("node"),
        **identity.hardware(run.machine_info),
        **identity.software(run.machine_info),
        "sweep_size": run.sweep_size,
        "cache": _cache(run),
    }


def _cache(run: SweepRun) -> str | None:
    """The state of the caches before its timed calls; None in older files."""
    return " and ".join(sorted({*run.records["cache"].dropna()})) or None
