"""The registry of kinds, and pages of several kinds at once."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reports.__main__ import main
from reports.kinds import KINDS, read
from reports.output.html import render
from tests.reports.cifar import studies


def test_each_kind_is_told_by_a_file_of_its_own():
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_folder_without_results_says_what_was_expected(tmp_path):
    results = read([tmp_path])
    assert len(results.problems) == 1
    assert results.problems[0][1] == (
        "a folder that holds no results: expected one written by "
        "`python -m bench.cifar` or `python -m bench.profiling`"
    )


def test_an_archive_says_which_command_reads_it(tmp_path):
    folder = tmp_path / "an archive"
    folder.mkdir()
    (folder / "_archive.json").write_text('{"archive": 1}')
    [(_, reason)] = read([folder]).problems
    assert reason == f"an archive: `python -m reports --history '{folder}'` makes the page of one"


def test_a_bad_file_does_not_stop_the_others(builder, write):
    entries = builder.sweep("stride", [1])
    results = read([write("", "bad.json"), write(builder.document(entries), "good.json")])
    assert len(results.sources[0].content.records) == len(entries)
    assert len(results.problems) == 1
    assert "bad.json" in results.problems[0][0]


def test_the_same_file_twice_is_counted_once(builder, write):
    path = write(builder.document(builder.sweep("stride", [1])))
    results = read([path, path.parent / ".." / path.parent.name / path.name])
    assert len(results.sources) == 1
    assert len(results.problems) == 1
    assert "twice" in results.problems[0][1]


def test_nothing_given_is_nothing_to_show():
    assert read([]).empty


def test_a_run_without_a_valid_record_is_nothing_to_show(builder, write, study):
    path = write(builder.document([]))
    assert read([path]).empty
    assert not read([path, study]).empty


DRAWING = ("matplotlib", "seaborn", "tensorflow", "keras")
RUN = "from reports.__main__ import main; main(['{file}', '--format', '{form}', '-o', '-'])"


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("import reports.sweeps.load, reports.sweeps.closing", (*DRAWING, "jinja2")),
        ("import reports.kinds", (*DRAWING, "jinja2")),
        (RUN.replace("{form}", "csv"), DRAWING),
        (RUN.replace("{form}", "md"), DRAWING),
    ],
)
def test_reading_and_tables_load_nothing_that_draws(statement, names, builder, write):
    path = write(builder.document(builder.sweep("stride", [1])))
    check = (
        f"import sys; {statement.format(file=path)};"
        f"found = set({names!r}) & set(sys.modules); sys.exit(str(found) if found else 0)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=root, check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_without_folders_the_page_says_how_to_make_each_kind(builder, write):
    page = render(read([write(builder.document(builder.sweep("stride", [1])))]))
    for kind in KINDS[1:]:
        assert f"<code>{kind.command}</code>" in page


def test_a_folder_next_to_a_run_gets_its_section(builder, write, study):
    results = read([write(builder.document(builder.sweep("stride", [1]))), study])
    assert results.problems == []
    page = render(results)
    assert 'id="cifar"' in page
    assert "python -m bench.cifar" not in page
    assert "319,178" in page
    assert "times the time of dense convolution" in page


def test_a_folder_alone_gives_a_page(study, tmp_path):
    page = tmp_path / "page.html"
    assert main([str(study), "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "319,178" in text
    assert "pytest bench --benchmark-only" in text
    identities = re.findall(r'\bid="([^"]+)"', text)
    assert len(identities) == len(set(identities))


def test_two_folders_of_one_kind_are_kept_apart(study, tmp_path):
    page = render(read([study, studies.write(tmp_path / "other")]))
    assert page.count('class="verdict"') == 2
    assert {"cifar-1", "cifar-2"} <= set(re.findall(r'\bid="([^"]+)"', page))
