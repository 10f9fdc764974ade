"""The part of the page: tables, warnings, and text from files shown as text."""

import json

import pytest

from reports import kinds
from reports.cifar.load import read
from reports.cifar.view import show
from reports.output.html import render
from tests.reports.cifar import studies

SCRIPT = "<script>alert(1)</script>"


def part(folder):
    return show([read(folder)])[0]


def test_tables_hold_every_model_comparison_and_run(study):
    view = part(study).view
    assert [row[0] for row in view.metrics.rows] == ["tutorial_cnn", "tutorial_inn"]
    assert view.metrics.rows[0][3:6] == ["319,178", "0.710\n0.685 to 0.735", "0.700 to 0.720"]
    assert [row[:2] for row in view.differences.rows] == [["tutorial_inn", "tutorial_cnn"]]
    assert view.differences.rows[0][3] == "worse"
    assert len(view.runs.rows) == 6
    assert all(len(row) == len(view.runs.head) for row in view.runs.rows)
    assert all(len(row) == len(view.metrics.head) for row in view.metrics.rows)


def test_a_valid_study_has_no_warning(study):
    assert part(study).warnings == []


@pytest.mark.parametrize(
    ("runs", "top", "warning"),
    [
        ([studies.run(state="stopped")], {}, "give the same command again: tutorial_cnn seed 0"),
        ([studies.run(state="diverged")], {}, "Diverged and not counted"),
        ([studies.run()], {}, "Fewer than three seeds"),
        ([studies.run(input_seconds=3.0)], {}, "more than 5 % of an epoch of tutorial_cnn"),
        ([studies.run(notes=["Trained in part elsewhere"])], {}, "Trained in part elsewhere"),
        (None, {"commit_info": {"dirty": True}}, "uncommitted changes"),
        (None, {"data": {"notes": ["The images show the blocks of JPEG"]}}, "blocks of JPEG"),
    ],
)
def test_reasons_to_doubt_are_said(tmp_path, runs, top, warning):
    assert any(warning in text for text in part(studies.write(tmp_path, runs, **top)).warnings)


def test_markup_in_a_study_is_shown_as_text(tmp_path):
    runs = [
        studies.run(notes=[SCRIPT], comparison=SCRIPT),
        studies.run("tutorial_inn", comparison=SCRIPT),
    ]
    data = {"dataset": SCRIPT, "source": SCRIPT, "classes": [SCRIPT] * 10, "notes": [SCRIPT]}
    folder = studies.write(tmp_path, runs, data=data, settings={SCRIPT: SCRIPT})
    page = render(kinds.read([folder]))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_what_a_study_does_not_say_is_not_made_up(tmp_path):
    folder = studies.write(tmp_path, machine_info=None, commit_info=3, datetime=None, data={})
    content = json.loads((folder / "cifar.json").read_text())
    assert content["machine_info"] is None
    facts = dict(part(folder).facts)
    assert facts["Processor"] == "not stated"
    assert facts["Begun"] == "not stated"
