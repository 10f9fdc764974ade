"""A folder to a repository of the Hugging Face hub: all of it in one commit, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    constants,
    get_token,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils import sha

from reports.cifar.record import RUN

# What the hub itself puts into a new repository.
OF_THE_HUB = ".gitattributes"
MESSAGE = "Publish a trained model and its card"
# The base of all errors of the HTTP client: httpx in version 1 of huggingface_hub, httpx2 in
# version 2.
HTTPError: type[Exception] = HfHubHTTPError.__bases__[0]


class HubError(Exception):
    """What kept the model from the hub; the message says what to do."""


@dataclass(frozen=True)
class Repository:
    """A repository that may be written.

    Attributes:
        name: USER/NAME.
        commit: its last commit; None if it does not exist yet.
        files: the paths of its files, without what the hub itself puts there.
    """

    name: str
    commit: str | None = None
    files: frozenset[str] = frozenset()


class Hub:
    """The hub, for the user whose token this machine has.

    Raises:
        HubError: if there is no token.
    """

    def __init__(self) -> None:
        token = get_token()
        if token is None:
            raise HubError(
                "no token for the Hugging Face hub: log in with `hf auth login`, or set HF_TOKEN "
                "to a token that may write"
            )
        self._api = HfApi(token=token)

    def open(self, name: str, run: bytes, *, replace: bool) -> Repository:
        """Check that a repository may be written; changes nothing.

        Args:
            name: USER/NAME.
            run: the content of `run.json`. A repository with the same one is of this run.
            replace: whether a repository of anything else may be written, too.

        Raises:
            HubError: if it may not, or the hub cannot be asked.
        """
        with _told(name):
            self._api.whoami()
            try:
                found = self._api.model_info(name, files_metadata=True)
            except RepositoryNotFoundError:
                return Repository(name)
        files = {each.rfilename: each.blob_id for each in found.siblings or []}
        is_own = files.get(RUN) == sha.git_hash(run)
        others = frozenset(files) - {OF_THE_HUB}
        if others and not is_own and not replace:
            raise HubError(
                f"{name} is taken: its files are not of this run; give another name, or --replace "
                "to put this model in their place"
            )
        return Repository(name, found.sha, others)

    def upload(self, repository: Repository, folder: Path) -> str:
        """Make the files of a repository those of a folder, in one commit.

        Args:
            repository: what `open` returned.
            folder: with all files.

        Returns:
            Its address.

        Raises:
            HubError: if the hub does not take them. It then has the files that it had.
        """
        name, is_new = repository.name, repository.commit is None
        with _told(name):
            if is_new:
                self._api.create_repo(name)
        files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        # Not `upload_folder`, which may make several commits.
        operations: list[CommitOperationAdd | CommitOperationDelete] = [
            *(CommitOperationAdd(file, path) for file, path in files.items()),
            *(CommitOperationDelete(file) for file in sorted(repository.files - set(files))),
        ]
        try:
            with _told(name):
                self._api.create_commit(
                    name, operations, commit_message=MESSAGE, parent_commit=repository.commit
                )
        except HubError as error:
            if is_new:
                raise HubError(f"{error}; {name} is new and empty: try again to fill it") from error
            raise
        return f"{constants.ENDPOINT}/{name}"


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what goes wrong between here and the hub into one sentence."""
    try:
        yield
    except HfHubHTTPError as error:
        raise HubError(_refused(name, error)) from error
    except RuntimeError as error:  # while a large file is sent
        reason = error.__cause__
        if isinstance(reason, HfHubHTTPError):
            raise HubError(_refused(name, reason)) from error
        raise HubError(_unreachable(reason or error)) from error
    except (HTTPError, OSError) as error:
        raise HubError(_unreachable(error)) from error


def _refused(name: str, error: HfHubHTTPError) -> str:
    status = error.response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return (
            "the hub does not know the token of this machine, which may have expired: log in again "
            "with `hf auth login`, or set HF_TOKEN"
        )
    if status == HTTPStatus.FORBIDDEN:
        return f"the token of this machine may not write {name}: expected a token of its owner"
    if status == HTTPStatus.CONFLICT:
        return f"{name} is taken: someone has just made it; give another name"
    if status == HTTPStatus.PRECONDITION_FAILED:
        return f"{name} was changed by someone else meanwhile: look at it, then try again"
    return f"the hub answered with status {status} ({_line(error.server_message or error)})"


def _unreachable(error: BaseException) -> str:
    return (
        f"cannot reach the hub at {constants.ENDPOINT} ({_line(error)}): connect this machine to "
        "the network, or write the folder with --dry-run"
    )


def _line(message: object) -> str:
    return " ".join(str(message).split())
