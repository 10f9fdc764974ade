"""What `python -m bench.cifar.publish` does once its options are known."""

import shutil
import sys
import tempfile
from pathlib import Path

import keras
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

from bench.cifar import trained
from bench.cifar.publish.card import card
from bench.cifar.publish.hub import Hub, HubError
from bench.cifar.trained import TrainedModel
from reports.cifar.record import RUN
from reports.sources.files import shown_path
from reports.sources.writing import free_name

CARD = "README.md"


def upload(run: Path, name: str, *, replace: bool) -> int:
    """Publish a trained model.

    Args:
        run: the folder of one trained model.
        name: USER/NAME of the repository.
        replace: whether a repository that holds anything else may be written.

    Returns:
        The exit status.

    Raises:
        ValueError: if it is no such folder, or no name of a repository.
    """
    validate_repo_id(name)
    model = trained.read(run)
    try:
        hub = Hub()
        repository = hub.open(name, (run / RUN).read_bytes(), replace=replace)
        with tempfile.TemporaryDirectory() as made:
            address = hub.upload(repository, _filled(Path(made, "files"), model, name))
    except HubError as error:
        print(f"Not published: {error}.", file=sys.stderr)
        return 1
    print(f'Published: {address}\nLoad it:   keras.saving.load_model("hf://{name}")')
    return 0


def write(run: Path, name: str, folder: Path | None, *, default: Path) -> int:
    """Write what would be published.

    Args:
        run: the folder of one trained model.
        name: USER/NAME of the repository.
        folder: where; None for a new folder NAME in the default one.
        default: the folder of such folders.

    Returns:
        The exit status.

    Raises:
        ValueError: if it is no such folder, no name of a repository, or cannot be written.
    """
    validate_repo_id(name)
    model = trained.read(run)
    if folder is not None:
        _check_empty(folder)
    with tempfile.TemporaryDirectory() as made:
        files = _filled(Path(made, "files"), model, name)
        try:
            if folder is None:
                wanted = default / name.partition("/")[2]
                folder = free_name(wanted, lambda new: new.mkdir(parents=True))
            shutil.copytree(files, folder, dirs_exist_ok=True)
        except OSError as error:
            raise ValueError(f"cannot write {shown_path(folder or default)}: {error}") from error
    print(f"Written, and nothing uploaded: {shown_path(folder)}")
    return 0


def _check_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        found = "a folder with files in it" if folder.is_dir() else "a file"
        raise ValueError(
            f"--dry-run {shown_path(folder)}: expected a new or an empty folder. Received: {found}"
        )


def _filled(folder: Path, model: TrainedModel, name: str) -> Path:
    """Write the files that Keras writes for hf:// addresses, with this card in place of Keras's."""
    folder.mkdir()
    card(model, name).save(folder / CARD)
    keras.saving.save_model(model.network(), folder, zipped=False)
    assets = folder / "assets"
    if assets.is_dir() and not any(assets.iterdir()):
        assets.rmdir()  # a repository has no empty folders
    shutil.copyfile(model.folder / RUN, folder / RUN)
    return folder
