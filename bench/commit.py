"""The commit that results were made with, as pytest-benchmark tells it for the sweeps."""

import warnings
from typing import Any


def commit_info() -> dict[str, Any]:
    """Return the commit, its time and branch, and whether anything was changed since.

    Returns:
        The entries of pytest-benchmark's `commit_info`; none, with a warning, where this version
        of pytest-benchmark has no function for them.
    """
    try:
        # Here, since the function is not part of pytest-benchmark's documented interface.
        from pytest_benchmark.utils import get_commit_info  # noqa: PLC0415
    except ImportError as error:
        warnings.warn(
            "The results will not name their commit: expected pytest_benchmark.utils."
            f"get_commit_info, as in pytest-benchmark 5.1 to 5.3. Received: {error}",
            RuntimeWarning,
            stacklevel=2,
        )
        return {}
    return dict(get_commit_info())
