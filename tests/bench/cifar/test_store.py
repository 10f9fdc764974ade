"""Files: whole or absent, and record and model always of the same epoch."""

import json
import math

import pytest

from bench.cifar.store import METRICS, Record, Store, whole


class Network:
    """Saves its number; breaks off where it is told to."""

    def __init__(self, number=0, broken=False):
        self.number, self.broken = number, broken

    def save(self, path):
        path.write_text(str(self.number))
        if self.broken:
            raise KeyboardInterrupt


def record(epochs=0):
    history = {name: [0.5] * epochs for name in METRICS}
    return Record(
        *("tutorial_cnn", 3, "convolution", None, "", 319_178),
        history=history,
        epoch_seconds=[1.0] * epochs,
    )


def test_what_is_written_is_read(tmp_path):
    store = Store(tmp_path)
    assert store.read() is None
    kept = record(2)
    kept.history["loss"][1] = math.nan
    store.write(kept)
    found = store.read()
    assert math.isnan(found.history["loss"][1])
    assert found.history["val_loss"] == [0.5, 0.5]
    assert json.loads((tmp_path / "run.json").read_text())["history"]["loss"] == [0.5, None]


@pytest.mark.parametrize("killed", ["while saving", "before the record", "before removing"])
def test_a_kill_at_any_moment_leaves_a_record_with_its_model(tmp_path, monkeypatch, killed):
    store = Store(tmp_path)
    store.save(Network(1), record(1))
    method = {"before the record": "write", "before removing": "_remove_checkpoints"}.get(killed)
    if method:
        monkeypatch.setattr(store, method, lambda *_, **__: (_ for _ in ()).throw(SystemExit))
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        store.save(Network(2, broken=not method), record(2))
    again = Store(tmp_path)
    found = again.read()
    assert again.latest(found).read_text() == str(found.epochs)
    assert found.epochs == (2 if killed == "before removing" else 1)
    assert not list(tmp_path.glob(".draft-*"))


def test_older_models_are_removed(tmp_path):
    store = Store(tmp_path)
    for epoch in (1, 2, 3):
        store.save(Network(epoch), record(epoch))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-3.keras", "run.json"]


def test_finishing_keeps_the_trained_model_and_may_be_repeated(tmp_path):
    store = Store(tmp_path)
    store.save(Network(1), record(1))
    for _ in range(2):
        store.finish(store.read(), {})
        assert store.read().state == "finished"
        assert store.latest(store.read()) == store.trained
    store.save(Network(2), record(2))
    assert not store.trained.exists()


def test_a_missing_model_is_said(tmp_path):
    store = Store(tmp_path)
    store.save(Network(1), record(1))
    store.checkpoint(1).unlink()
    with pytest.raises(ValueError, match="tells of 1 epochs, but the model after them is missing"):
        store.latest(store.read())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "a": 1}'])
def test_a_damaged_record_is_said_and_not_overwritten(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(ValueError, match="move it away to train anew"):
        Store(tmp_path).read()


def test_a_worker_that_does_not_write_leaves_nothing(tmp_path):
    store = Store(tmp_path / "run", writable=False)
    store.save(Network(1), record(1))
    store.finish(record(1), {})
    assert not (tmp_path / "run").exists()


def test_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "file"
    path.parent.mkdir()
    path.write_text("old")

    def fail(draft):
        draft.write_text("new")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        whole(path, fail)
    assert [p.name for p in path.parent.iterdir()] == ["file"]
    assert path.read_text() == "old"
