"""What a repository says of commits: their order, their subjects and where they can be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reports.sources.files import showable_string
from reports.sources.git import GitError, check, git

HASH = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# The forms in which git writes the address of a repository that a web page has, too.
REMOTES = (
    re.compile(r"https://(?:[^@/\s]*@)?(?P<host>[\w.-]+(?::\d+)?)/(?P<path>[\w./~-]+)"),
    re.compile(r"ssh://(?:[^@/\s]*@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[\w./~-]+)"),
    re.compile(r"(?:[^@/\s]*@)(?P<host>[\w.-]+):(?P<path>[\w.~-][\w./~-]*)"),
)
# Where hosts of repositories show a commit; most say "commit".
PAGES = {"bitbucket.org": "commits"}
SHORT = 7


@dataclass(frozen=True)
class Commit:
    """A commit as a repository knows it.

    Attributes:
        place: in git's order, from 0 for the first.
        time: when it was committed, in ISO 8601.
        subject: the first line of its message.
        parents: their hashes.
    """

    place: int
    time: str
    subject: str
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commits:
    """All commits that a repository has, and the address of its web page.

    Attributes:
        known: by hash; a parent comes before its children.
        address: where its host shows it, such as "https://example.org/owner/name"; empty if
            that is unknown or no https address.
    """

    known: Mapping[str, Commit] = field(default_factory=dict)
    address: str = ""

    def link(self, commit: str) -> str:
        """Return the address of a commit's web page.

        Args:
            commit: its hash, which may come from a file.

        Returns:
            An https address; empty if the repository lacks the commit or has no web page.
        """
        if not self.address or commit not in self.known:
            return ""
        host = self.address.split("/")[2]
        return f"{self.address}/{PAGES.get(host, 'commit')}/{commit}"

    def between(self, before: str, after: str) -> int | None:
        """Count the commits that one has in its history and another has not, as git counts them.

        Args:
            before: hash of the earlier one.
            after: hash of the later one, which counts, too.

        Returns:
            The count; None if either is unknown, or the earlier one is no ancestor of the other.
        """
        if before not in self.known or after not in self.known:
            return None
        reached = self._ancestors(after)
        return len(reached - self._ancestors(before)) if before in reached else None

    def _ancestors(self, commit: str) -> set[str]:
        """The commit, and all commits in its history that are known."""
        found, left = {commit}, [commit]
        while left:
            new = {name for name in self.known[left.pop()].parents if name in self.known} - found
            found |= new
            left += new
        return found


def commits_of(folder: Path) -> Commits:
    """Ask git for the commits of the repository around a folder.

    Args:
        folder: any folder of it.

    Returns:
        The commits of its branches, tags and remote branches.

    Raises:
        GitError: if it is no repository, or git is missing.
    """
    check(folder)
    try:
        git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
        ends = ["HEAD"]
    except GitError:  # nothing is committed on this branch yet
        ends = []
    # A subject may hold whatever ends a line elsewhere, but neither a zero byte nor a line feed.
    written = git(
        *(folder, "log", "-z", "--no-show-signature", "--topo-order", "--reverse"),
        *("--format=%H%n%P%n%cI%n%s", "--branches", "--tags", "--remotes", *ends, "--"),
    ).split("\0")
    parts = [each.split("\n", 3) for each in written if each]
    known = {
        commit: Commit(place, time, showable_string(subject), tuple(parents.split()))
        for place, (commit, parents, time, subject) in enumerate(parts)
    }
    return Commits(known, _address(folder))


def _address(folder: Path) -> str:
    """The web page of the remote repository: of "origin", or of the first."""
    remotes = git(folder, "remote").splitlines()
    for name in sorted(remotes, key=lambda remote: remote != "origin"):
        try:
            return web_address(git(folder, "remote", "get-url", name))
        except GitError:  # a remote without an address
            continue
    return ""


def web_address(remote: str) -> str:
    """Turn a repository's address into that of its web page, without a user or password.

    Args:
        remote: as `git remote get-url` writes it.

    Returns:
        An https address; empty where there is none.

    Example:
        >>> web_address("git@example.org:owner/name.git")
        'https://example.org/owner/name'
        >>> web_address("https://user:secret@example.org/owner/name")
        'https://example.org/owner/name'
        >>> web_address("/srv/git/name.git"), web_address("javascript:alert(1)")
        ('', '')
    """
    for form in REMOTES:
        if found := form.fullmatch(remote):
            path = found["path"].strip("/").removesuffix(".git")
            return f"https://{found['host']}/{path}"
    return ""


def short(commit: str) -> str:
    """Abbreviate a hash as git does; another string stays as it is.

    Example:
        >>> short("f5192e96f92e242ce4bc3b8cee35b519c4e08d05"), short("v1.0")
        ('f5192e9', 'v1.0')
    """
    return commit[:SHORT] if HASH.fullmatch(commit) else commit
