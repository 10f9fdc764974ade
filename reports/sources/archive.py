"""How the folder of an archive is known, for all who may be given one."""

from pathlib import Path

MARKER = "_archive.json"


def is_archive(path: Path) -> bool:
    """Say whether a path is the folder of an archive.

    Args:
        path: any.
    """
    return (path / MARKER).is_file()
