"""Data sets: equal from every source; every bad path gives a reason, and nothing is written."""

import pickle

import keras
import numpy as np
import pytest

from bench.cifar.checks import DataError
from bench.cifar.data import load
from bench.cifar.jpeg import blockiness
from bench.cifar.layouts import LAYOUTS
from tests.bench.cifar import published

COUNT = published.COUNT


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let the published data set be small."""
    monkeypatch.setitem(LAYOUTS, "cifar10", published.SMALL)


@pytest.fixture
def folder(tmp_path):
    return published.write_folder(tmp_path / "data", published.files())


def reason(path):
    with pytest.raises(DataError) as error:
        load(path)
    return str(error.value)


def test_pixels_are_laid_out_by_row_column_and_channel(folder):
    found = load(folder)
    flat = published.batch(0)[b"data"]
    assert found.train_images.shape == (5 * COUNT, 32, 32, 3)
    for image, row, column, channel in [(0, 0, 0, 0), (3, 31, 2, 1), (11, 5, 30, 2)]:
        place = channel * 1024 + row * 32 + column
        assert found.train_images[image, row, column, channel] == flat[image, place]
    assert found.test_labels.tolist() == [i % 10 for i in range(COUNT)]
    assert found.classes[:2] == ("one", "two")


def test_every_source_gives_the_same_images(folder, tmp_path):
    archive = published.write_archive(tmp_path / "cifar.tar.gz", published.files())
    first = load(folder)
    np.savez(
        tmp_path / "cifar.npz",
        x_train=first.train_images,
        y_train=first.train_labels[:, None],
        x_test=first.test_images,
        y_test=first.test_labels,
    )
    others = [load(folder / published.SMALL.folder), load(archive), load(tmp_path / "cifar.npz")]
    assert {other.fingerprint for other in others} == {first.fingerprint}


def test_changed_files_are_told_from_the_published_ones(folder):
    assert "Not the published files" in load(folder).notes[0]


def test_nothing_is_extracted_from_an_archive(tmp_path):
    files = published.files() | {"../../escaped": b"text", "../escaped": b"text"}
    (tmp_path / "inner").mkdir()
    load(published.write_archive(tmp_path / "inner" / "cifar.tgz", files))
    assert [p.name for p in tmp_path.rglob("*")] == ["inner", "cifar.tgz"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("data_batch_3", None, "data_batch_3: cannot be read: No such file"),
        ("data_batch_2", b"", "data_batch_2: not a valid pickle"),
        ("data_batch_2", pickle.dumps(published.batch())[:-300], "not a valid pickle"),
        ("data_batch_2", pickle.dumps([1]), "expected a dictionary. Received: a list of 1"),
        ("data_batch_2", pickle.dumps({}), "expected data of uint8 (12, 3072). Received: nothing"),
        (
            "test_batch",
            pickle.dumps(published.batch() | {b"data": np.zeros((COUNT, 3000), np.uint8)}),
            "test_batch: expected data of uint8 (12, 3072). Received: uint8 (12, 3000)",
        ),
        (
            "data_batch_1",
            pickle.dumps(published.batch() | {b"data": np.zeros((COUNT, 3072))}),
            "Received: float64 (12, 3072)",
        ),
        (
            "data_batch_1",
            pickle.dumps(published.batch() | {b"labels": [1]}),
            "expected a list of 12 labels. Received: a list of 1",
        ),
        (
            "data_batch_1",
            pickle.dumps(published.batch() | {b"labels": [10] * COUNT}),
            "expected labels from 0 to 9. Received: 10 to 10",
        ),
        (
            "data_batch_1",
            pickle.dumps(published.batch() | {b"labels": ["a"] * COUNT}),
            "expected labels that are whole numbers",
        ),
        ("batches.meta", pickle.dumps({b"label_names": [b"a"]}), "expected 10 names"),
    ],
)
def test_a_bad_file_of_a_folder_is_named(tmp_path, name, content, expected):
    files = published.files()
    if content is None:
        del files[name]
    else:
        files[name] = content
    assert expected in reason(published.write_folder(tmp_path / "data", files))


@pytest.mark.parametrize(
    "prefix",
    [
        *("./cifar-10-batches-py", "data/cifar-10-batches-py", "/cifar-10-batches-py", "a/b/c"),
        *(".", "", "/"),
    ],
)
@pytest.mark.parametrize("compression", ["gz", "xz", ""])
def test_an_archive_may_be_packed_again(folder, tmp_path, prefix, compression):
    path = tmp_path / "repacked.tar"
    if prefix == "a/b/c":
        prefix += f"/{published.SMALL.folder}"
    published.write_archive(path, published.files(), prefix, compression)
    assert load(path).fingerprint == load(folder).fingerprint


def test_a_folder_may_have_another_name(folder, tmp_path):
    renamed = (folder / published.SMALL.folder).rename(tmp_path / "my images")
    assert load(renamed).source == "my images"


def test_files_may_be_written_again_by_python_3(folder, tmp_path):
    files = published.files()
    for name, content in files.items():
        batch = pickle.loads(content, encoding="bytes")
        again = {key.decode(): value for key, value in batch.items()}
        if "labels" in again:
            again["labels"] = np.array(again["labels"])[:, None]
        files[name] = pickle.dumps(again)
    repeated = load(published.write_folder(tmp_path / "again", files))
    assert repeated.fingerprint == load(folder).fingerprint
    assert repeated.classes == load(folder).classes


@pytest.mark.parametrize(
    "kept",
    [
        lambda x, y: (x, y.ravel()),
        lambda x, y: (x, y.reshape(1, -1).astype(np.uint8)),
        lambda x, y: (x, np.eye(10)[y.ravel()]),
        lambda x, y: (x, np.eye(10, dtype=bool)[y.ravel()]),
        lambda x, y: (np.moveaxis(x, -1, 1), y),
    ],
)
def test_images_and_labels_as_people_keep_them(tmp_path, kept):
    arrays = published.arrays()
    np.savez(tmp_path / "a.npz", **arrays)
    for part in ("train", "test"):
        x, y = kept(arrays[f"x_{part}"], arrays[f"y_{part}"])
        arrays |= {f"x_{part}": x, f"y_{part}": y}
    np.savez(tmp_path / "b.npz", **arrays)
    assert load(tmp_path / "a.npz").fingerprint == load(tmp_path / "b.npz").fingerprint


def test_rows_that_are_not_one_hot_are_no_labels(tmp_path):
    for rows in (np.full((32, 10), 0.1), np.eye(10)[[0] * 32] * 2, np.ones((32, 10))):
        np.savez(tmp_path / "a.npz", **published.arrays() | {"y_test": rows})
        assert "expected 32 labels" in reason(tmp_path / "a.npz")


def test_a_member_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = published.write_archive(tmp_path / "cifar.tar.gz", published.files())
    folder = published.write_folder(tmp_path / "data", published.files())
    monkeypatch.setattr("bench.cifar.published.MOST_BYTES", 1000)
    for source in (path, folder):
        assert "data_batch_1: expected at most 1,000 bytes. Received: " in reason(source)


@pytest.mark.parametrize("place", range(500, 30_000, 7_000))
def test_damaged_bytes_inside_an_archive(tmp_path, place):
    path = published.write_archive(tmp_path / "cifar.tar.gz", published.files())
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + b"\xff" * 40 + whole[place + 40 :])
    assert "cifar.tar.gz: " in reason(path)


def test_bad_archives(tmp_path):
    path = tmp_path / "cifar.tar.gz"
    published.write_archive(path, {"test_batch": b""})
    assert "expected a member cifar-10-batches-py/data_batch_1" in reason(path)
    published.write_archive(path, published.files(), prefix="cifar-100-python")
    assert "expected a member cifar-10-batches-py/data_batch_1" in reason(path)
    whole = published.write_archive(path, published.files()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "not a valid archive" in reason(path)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"x_train": None}, "expected the arrays x_train, y_train, x_test, y_test. Received"),
        ({"x_test": np.zeros((32, 32, 32, 3))}, "test images: expected uint8 (count, 32, 32, 3)"),
        ({"x_train": np.zeros((96, 3, 32, 33), np.uint8)}, "Received: uint8 (96, 3, 32, 33)"),
        ({"x_train": np.zeros((0, 32, 32, 3), np.uint8)}, "Received: uint8 (0, 32, 32, 3)"),
        ({"x_train": np.uint8(1)}, "training images: expected uint8"),
        ({"y_test": np.zeros(31, int)}, "expected 32 labels that are whole numbers"),
        ({"y_test": np.zeros(32)}, "Received: float64 (32,)"),
        ({"y_train": np.full(96, -1)}, "expected labels from 0 to 9. Received: -1 to -1"),
        ({"y_train": np.array([{}] * 96, dtype=object)}, "not a file of arrays"),
    ],
)
def test_bad_arrays(tmp_path, changes, expected):
    arrays = {k: v for k, v in (published.arrays() | changes).items() if v is not None}
    path = tmp_path / "cifar.npz"
    np.savez(path, **arrays)
    assert expected in reason(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"text"])
def test_a_damaged_npz(tmp_path, content):
    path = tmp_path / "cifar.npz"
    path.write_bytes(content)
    assert "not a file of arrays" in reason(path)


def test_paths_that_hold_no_data_set(tmp_path):
    assert "no such file or folder" in reason(tmp_path / "none")
    assert "expected a folder cifar-10-batches-py in it" in reason(tmp_path)
    (tmp_path / "notes.txt").write_text("text")
    assert "expected a folder with cifar-10-batches-py, the published" in reason(
        tmp_path / "notes.txt"
    )


def test_without_network_both_ways_out_are_said(monkeypatch):
    def fail():
        raise Exception("URL fetch failure")  # noqa: TRY002 - as Keras does

    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    said = reason(None)
    assert "connect this machine to the network" in said
    assert "--data PATH" in said


def test_the_download_is_checked_like_any_other(monkeypatch):
    arrays = published.arrays()
    parts = (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: parts)
    found = load()
    assert found.train_labels.shape == (96,)
    assert found.classes[3] == "cat"


def test_an_npz_of_another_size_says_so(tmp_path):
    np.savez(tmp_path / "cifar.npz", **published.arrays())
    note = load(tmp_path / "cifar.npz").notes[1]
    assert note == "96 and 32 training and test images; the published data set has 60 and 12."


def test_further_arrays_of_an_npz_are_not_read(tmp_path):
    further = np.array([{}], dtype=object)  # a pickle: reading it is refused
    np.savez(tmp_path / "cifar.npz", **published.arrays(), further=further)
    assert len(load(tmp_path / "cifar.npz").train_images) == 96


def test_blocks_of_jpeg_are_seen(tmp_path):
    random = np.random.default_rng(0)
    smooth = random.normal(0, 4, (200, 32, 32, 3)).cumsum(axis=1).cumsum(axis=2) / 8 + 128
    assert blockiness(smooth.clip(0, 255).astype(np.uint8)) == pytest.approx(1, abs=0.04)
    # Blocks that were each moved a little, as coarse steps of their mean do.
    blocks = np.kron(random.normal(0, 3, (200, 4, 4, 3)), np.ones((1, 8, 8, 1)))
    blocky = (smooth + blocks).clip(0, 255).astype(np.uint8)
    assert blockiness(blocky) > 1.3
    np.savez(tmp_path / "cifar.npz", **published.arrays() | {"x_train": blocky[:96]})
    assert "blocks of JPEG" in load(tmp_path / "cifar.npz").notes[-1]
