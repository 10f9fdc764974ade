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
    assert commits_of(repository).between(first, merge) == 4


def test_a_repository_without_commits_knows_none(repository):
    assert commits_of(repository).known == {}


def test_a_folder_outside_of_git_is_refused(tmp_path):
    with pytest.raises(GitError, match="not a git repository"):
        commits_of(tmp_path)
    with pytest.raises(GitError, match="No such file"):
        commits_of(tmp_path / "missing")


def test_a_subject_cannot_spoil_a_terminal(repository):
    git(repository, *EMPTY, "red \x1b[31m")
    (commit,) = commits_of(repository).known.values()
    assert "\x1b" not in commit.subject


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
