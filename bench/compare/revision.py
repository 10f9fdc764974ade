"""The two trees of a comparison: this one as it is, and a revision in a worktree of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.compare.errors import ComparisonUsageError
from bench.fingerprint import MEASURED
from reports.sources import git as sources


def commit_of(root: Path, revision: str) -> str:
    """Return the commit that a revision names.

    Args:
        root: a folder of the repository.
        revision: anything that `git rev-parse` takes, such as "HEAD~1", "main" or "v1.0".

    Returns:
        The commit's full hash.

    Raises:
        ComparisonUsageError: if there is no repository or no such revision.
    """
    try:
        sources.check(root)
    except sources.GitError as error:
        raise ComparisonUsageError(f"this tree: {error}") from error
    try:
        return git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except ComparisonUsageError:
        raise ComparisonUsageError(
            f"REV: expected a revision that git knows, such as HEAD~1 or main. Received: {revision}"
        ) from None


def is_changed(root: Path) -> bool:
    """Return whether a tree has changes that are not committed, in the code that is measured.

    Args:
        root: the top folder of the repository.
    """
    return bool(git(root, "status", "--porcelain", "--", *MEASURED))


@contextmanager
def worktree(root: Path, commit: str) -> Iterator[Path]:
    """Check out a commit into a temporary folder for as long as the block lasts.

    Args:
        root: the top folder of the repository.
        commit: its hash.

    Yields:
        The folder, a worktree of git without what git ignores.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="involution-") as folder:
            tree = Path(folder).resolve() / "before"
            git(root, "worktree", "add", "--quiet", "--detach", str(tree), commit)
            yield tree
    finally:
        git(root, "worktree", "prune")  # forgets the one whose folder is gone


def git(root: Path, *words: str, **environment: str) -> str:
    """Run git, as `sources.git` does.

    Args:
        root: where.
        words: its arguments.
        environment: variables to set.

    Returns:
        What it writes, without white space at the ends.

    Raises:
        ComparisonUsageError: if it fails, with what it says.
    """
    try:
        return sources.git(root, *words, **environment)
    except sources.GitError as error:
        raise ComparisonUsageError(str(error)) from error
