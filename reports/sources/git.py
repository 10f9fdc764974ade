"""Git, asked as a program: what it says, or why it says nothing."""

import os
import subprocess
from pathlib import Path

from reports.sources.files import shown_path

# A hook of git sets them for the repository that runs it; here they would hide the one meant.
OF_HOOKS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")

# What git says, in English, of a folder that is in none; it has other reasons to refuse one.
NO_REPOSITORY = "not a git repository"


class GitError(ValueError):
    """Git is missing, or refuses; the message says why."""


def git(root: Path, *words: str, **environment: str) -> str:
    """Run git.

    Args:
        root: where.
        words: its arguments.
        environment: variables to set.

    Returns:
        What it writes, without white space at the ends.

    Raises:
        GitError: if it fails, with what it says.
    """
    kept = {name: value for name, value in os.environ.items() if name not in OF_HOOKS}
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=root,
            env={**kept, **environment},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        if root.is_dir():
            raise GitError("git is not installed") from None
        raise GitError(f"{root}: {error.strerror}") from None
    except NotADirectoryError as error:
        raise GitError(f"{root}: {error.strerror}") from None
    if done.returncode:
        raise GitError(f"git {words[0]} in {root}: {done.stderr.strip()}")
    return done.stdout.strip()


def check(folder: Path) -> None:
    """Check that a folder is in a git repository.

    Args:
        folder: any.

    Raises:
        GitError: if it is not, or git is missing or refuses.
    """
    try:
        git(folder, "rev-parse", "--git-dir", LC_ALL="C")
    except GitError as error:
        if NO_REPOSITORY not in str(error):
            raise
        raise GitError(
            f"expected a folder of a git repository. Received: {shown_path(folder)}"
        ) from None
