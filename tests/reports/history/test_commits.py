"""What git says of commits, and the addresses that pages link to."""

import pytest

from reports.history.commits import Commits, commits_of, web_address
from reports.sources.git import GitError
from tests.bench.compare.conftest import git

EMPTY = ("commit", "--quiet", "--allow-empty", "-m")


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    return tmp_path


def test_parents_come_before_children_and_branches_stay_together(repository):
    def commit(subject):
        git(repository, *EMPTY, subject)
        return git(repository, "rev-parse", "HEAD")

    first = commit("first")
    git(repository, "switch", "--quiet", "-c", "side")
    side = [commit("side 1"), commit("side 2")]
    git(repository, "switch", "--quiet", "main")
    main = [commit("main 1")]
    git(repository, "merge", "--quiet", "--no-ff", "-m", "merge", "side")
    merge = git(repository, "rev-parse", "HEAD")
    known = commits_of(repository).known
    order = sorted(known, key=lambda name: known[name].place)
    assert order[0] == first
    assert order[-1] == merge
    assert set(order[1:-1]) == {*side, *main}
    assert order.index(side[1]) == order.index(side[0]) + 1
    assert [known[name].subject for name in (first, merge)] == ["first", "merge"]
    between = commits_of(repository).between
    assert between(first, merge) == 4
    assert between(side[0], side[1]) == 1
    assert between(side[0], merge) == 3
    assert between(side[0], main[0]) is None
    assert between(merge, first) is None
    assert between(merge, merge) == 0


def test_a_repository_without_commits_knows_none(repository):
    assert commits_of(repository).known == {}


def test_a_folder_outside_of_git_is_refused(tmp_path):
    with pytest.raises(GitError, match="expected a folder of a git repository"):
        commits_of(tmp_path)
    with pytest.raises(GitError, match="No such file"):
        commits_of(tmp_path / "missing")


@pytest.mark.parametrize("letter", ["\x1b", "\x0c", "\x85", "\u2028", "\r", "\x1e"])
def test_a_subject_can_spoil_neither_a_terminal_nor_the_list_of_commits(repository, letter):
    git(repository, *EMPTY, f"red {letter}[31m")
    git(repository, *EMPTY, "next")
    first, second = commits_of(repository).known.values()
    assert letter not in first.subject
    assert first.subject.startswith("red ")
    assert second.subject == "next"


def test_signatures_are_not_taken_for_commits(repository):
    git(repository, *EMPTY, "first")
    # A signature that no key fits: git still says so, in lines of its own.
    text = git(repository, "cat-file", "commit", "HEAD")
    head, body = text.split("\n\n", 1)
    mark = "-----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----"
    (repository / "signed").write_text(f"{head}\ngpgsig {mark}\n\n{body}\n")
    name = git(repository, "hash-object", "-t", "commit", "-w", "signed")
    git(repository, "reset", "--quiet", "--hard", name)
    git(repository, "config", "log.showSignature", "true")
    assert [*commits_of(repository).known] == [name]


def test_the_address_is_that_of_origin_without_user_and_password(repository):
    git(repository, "remote", "add", "fork", "https://example.org/fork/name")
    git(repository, "remote", "add", "origin", "https://me:secret@example.org/owner/name.git")
    assert commits_of(repository).address == "https://example.org/owner/name"


@pytest.mark.parametrize(
    "remote",
    [
        "git@example.org:owner/name.git",
        "ssh://git@example.org:22/owner/name",
        "https://token@example.org/owner/name/",
    ],
)
def test_every_form_of_an_address_leads_to_one_page(remote):
    assert web_address(remote) == "https://example.org/owner/name"


@pytest.mark.parametrize(
    "remote",
    [
        "http://example.org/owner/name",
        "javascript:alert(1)//x",
        "https://example.org/a b",
        'https://example.org/"><script>',
        "/srv/git/name.git",
        "../name",
        "file:///srv/name",
        "C:\\name",
        "",
    ],
)
def test_what_is_no_web_page_is_no_link(remote):
    assert web_address(remote) == ""


def test_only_commits_that_are_known_have_links(repository):
    git(repository, *EMPTY, "first")
    name = git(repository, "rev-parse", "HEAD")
    known = commits_of(repository).known
    assert (
        Commits(known, "https://example.org/o/n").link(name)
        == f"https://example.org/o/n/commit/{name}"
    )
    assert Commits(known, "https://bitbucket.org/o/n").link(name).endswith(f"/commits/{name}")
    assert Commits(known, "https://example.org/o/n").link('"><script>') == ""
    assert Commits(known).link(name) == ""
