"""Files: whole or absent, and record and model always of the same epoch."""

import json
import math
from pathlib import Path

import pytest

from bench.cifar.progress import FAILED, after_epoch, changed, noted
from bench.cifar.store import Store
from reports.cifar.record import FORMAT, METRICS, TrainingRun
from reports.sources.writing import write_whole


class Network:
    """Saves its number; breaks off where it is told to."""

    def __init__(self, number=0, broken=False):
        self.number, self.broken = number, broken

    def save(self, path):
        path.write_text(str(self.number))
        if self.broken:
            raise KeyboardInterrupt


def record(epochs=0):
    return TrainingRun(
        format=FORMAT,
        model="tutorial_cnn",
        seed=3,
        operator="convolution",
        baseline=None,
        comparison="",
        parameters=319_178,
        state="stopped",
        history={name: [0.5] * epochs for name in METRICS},
        epoch_seconds=[1.0] * epochs,
        compiled_epochs=[],
        input_seconds=None,
        notes=[],
    )


def test_what_is_written_is_read(tmp_path):
    store = Store(tmp_path)
    assert store.read() is None
    kept = after_epoch(record(1), 2.0, {**dict.fromkeys(METRICS, 0.5), "loss": math.nan})
    store.write(kept)
    found = store.read()
    assert found == kept
    assert math.isnan(found.metric("loss")[1])
    assert found.metric("val_loss").tolist() == [0.5, 0.5]
    assert found.epoch_seconds == [1.0, 2.0]
    assert found.state == "diverged"
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
    assert not list(tmp_path.glob(".*"))


def test_older_models_are_removed(tmp_path):
    store = Store(tmp_path)
    for epoch in (1, 2, 3):
        store.save(Network(epoch), record(epoch))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-3.keras", "run.json"]


@pytest.mark.parametrize("killed_before", ["epoch-2.keras", "run.json", "removing"])
def test_a_store_is_copied_and_a_kill_at_any_moment_loses_nothing(
    tmp_path, monkeypatch, killed_before
):
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    there.save(Network(1), record(1))
    here.replace(there.contents())
    there.save(Network(2), record(2))
    unlink = Path.unlink

    def interrupted(path, *arguments):
        if path.name == killed_before:
            raise KeyboardInterrupt
        write_whole(path, *arguments)

    def removed(path, **options):
        if killed_before == "removing" and path.name == "epoch-1.keras":
            raise KeyboardInterrupt
        unlink(path, **options)

    with monkeypatch.context() as patched:
        patched.setattr("bench.cifar.store.write_whole", interrupted)
        patched.setattr(Path, "unlink", removed)
        with pytest.raises(KeyboardInterrupt):
            here.replace(there.contents())
    found = here.read()
    assert here.latest(found).read_text() == str(found.epochs)
    here.replace(there.contents())
    there.finish(there.read(), {})
    here.replace(there.contents())
    assert here.contents() == there.contents()
    assert sorted(here.contents()) == ["model.keras", "run.json"]


def test_a_failure_before_does_not_matter_once_a_run_is_finished(tmp_path):
    store = Store(tmp_path)
    store.save(Network(), noted(record(1), ["a note", f"{FAILED} on a: ValueError: no."]))
    store.finish(store.read(), {})
    assert store.read().notes == ["a note"]


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
    with pytest.raises(ValueError, match="has 1 epoch, but the model after the last is missing"):
        store.latest(store.read())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": 2, "a": 1}'])
def test_a_damaged_record_is_said_and_not_overwritten(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(ValueError, match="move it away to train again"):
        Store(tmp_path).read()


def test_a_note_is_kept_once_and_the_run_before_is_not_changed():
    before = record(1)
    twice = noted(noted(before, ["a", "b"]), ["b", "c"])
    assert twice.notes == ["a", "b", "c"]
    assert before.notes == []


def test_what_is_not_in_the_schema_cannot_be_written():
    with pytest.raises(ValueError, match="state"):
        changed(record(1), state="asleep")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"text"])
def test_a_damaged_model_is_said(tmp_path, content):
    store = Store(tmp_path)
    assert store.load(record()) is None
    store.checkpoint(1).write_bytes(content)
    with pytest.raises(ValueError, match=r"epoch-1.keras: not a model that Keras can load \("):
        store.load(record(1))
