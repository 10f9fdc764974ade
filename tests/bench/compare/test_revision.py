import pytest

from bench.compare import revision
from bench.compare.errors import ComparisonUsageError
from tests.bench.compare.conftest import git, write


def test_a_worktree_has_the_revision_and_is_gone_afterwards(repository):
    first = revision.commit_of(repository, "HEAD")
    write(repository, "bench/test_speed.py", "changed")
    with revision.worktree(repository, first) as tree:
        assert "benchmark" in (tree / "bench" / "test_speed.py").read_text()
        assert str(tree) in git(repository, "worktree", "list")
    assert not tree.exists()
    assert git(repository, "worktree", "list").count("\n") == 0
    assert (repository / "bench" / "test_speed.py").read_text() == "changed"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_worktree_is_gone_after_errors(repository, error):
    with pytest.raises(error), revision.worktree(repository, "HEAD") as tree:
        raise error
    assert not tree.exists()
    assert git(repository, "worktree", "list").count("\n") == 0


def test_a_tree_is_changed_if_what_measures_is(repository):
    assert not revision.is_changed(repository)
    write(repository, "README.md", "not measured")
    write(repository, "bench/ignored.so", "nor this")
    assert not revision.is_changed(repository)
    write(repository, "bench/new.py", "")
    assert revision.is_changed(repository)
    git(repository, "add", "bench/new.py")
    git(repository, "commit", "--quiet", "-m", "second")
    assert not revision.is_changed(repository)


def test_a_folder_outside_of_git_is_refused(tmp_path):
    with pytest.raises(ComparisonUsageError, match="expected a folder of a git repository"):
        revision.commit_of(tmp_path, "HEAD")


def test_a_hook_of_another_repository_changes_nothing(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    assert len(revision.commit_of(repository, "HEAD")) == 40
