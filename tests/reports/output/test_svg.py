from xml.etree import ElementTree

import pytest

from reports.__main__ import main
from reports.output.svg import figures
from reports.sweeps.load import from_document
from tests.reports.conftest import results_of


def drawn(builder, *names):
    documents = [builder.document(builder.sweep("kernel_size", [3, 7])) for _ in names]
    return dict(figures(results_of(from_document(documents[0], names[0]))))


def test_each_figure_is_a_file_named_after_what_it_shows(builder):
    names = list(drawn(builder, "a"))
    assert {
        "overview-forward.svg",
        "kernel_size-ratio-forward.svg",
        "kernel_size-cost-parameters.svg",
    } <= set(names)
    assert len(names) == len(set(names))


def test_a_file_stands_alone_and_follows_the_theme(builder):
    for text in drawn(builder, "a").values():
        root = ElementTree.fromstring(text)
        assert root.get("width")
        assert "--ink: #16191d" in text
        assert "prefers-color-scheme: dark" in text


def test_a_file_brings_its_legend(builder):
    costs = drawn(builder, "a")["kernel_size-cost-flops.svg"]
    for name in ("involution (fused)", "depthwise convolution", "forward", "training"):
        assert f">{name}</text>" in costs


@pytest.mark.parametrize("form", ["svg", "csv", "md"])
def test_without_a_sweep_nothing_is_written(study, tmp_path, capsys, form):
    assert main([str(study), "--format", form, "-o", str(tmp_path / "new")]) == 1
    error = capsys.readouterr().err
    assert error == f"Nothing written: {form} shows records of sweeps, and none was read.\n"
    assert not (tmp_path / "new").exists()


def test_the_command_writes_a_folder(builder, write, tmp_path, capsys):
    path = write(builder.document(builder.sweep("kernel_size", [3, 7])))
    assert main([str(path), "--format", "svg", "-o", str(tmp_path / "figures")]) == 0
    assert (tmp_path / "figures" / "kernel_size-ratio-training.svg").exists()
    assert "figures)" in capsys.readouterr().out
