"""The page and the summary of a history."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from reports.history import opening, view
from reports.history.commits import Commit, Commits
from reports.history.history import history
from reports.history.load import with_showable_strings
from reports.history.page import render
from reports.history.reach import needed
from reports.history.summary import MOST_CHARACTERS, summary
from reports.sources.files import showable_string
from tests import browser
from tests.reports.history.simulated import commits, hash_of, records
from tests.reports.outline import Outline

HOSTILE = """</style></svg>'"><img src="x" onerror="ran=1"><script>ran=1</script>@name"""
SPOILT = HOSTILE + "\x1b[31m\r\n# heading\u2028\u202e"
CHANGES = [
    ("involution", "native", 18, 1.15),
    ("depthwise convolution", "keras", 9, 0.8),
    ("convolution", "keras", 22, 1.2),
]


@pytest.fixture(scope="module", autouse=True)
def few_plots():
    """Each plot takes a twentieth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view, "MOST_PLOTS", 2)
        yield


@pytest.fixture(scope="module")
def told():
    return history(records(changes=CHANGES), commits(30))


@pytest.fixture(scope="module")
def page(told):
    return render(told)


@pytest.fixture(scope="module")
def hostile():
    table = records(changes=CHANGES)
    table["machine"] = table["software"] = table["source"] = SPOILT
    table["operator"] = table["operator"].replace("depthwise convolution", HOSTILE)
    table["dtype"] = table["padding"] = HOSTILE
    table.loc[table["run"] == "here-29", "commit"] = HOSTILE
    known = commits(30)
    spoilt = {
        name: Commit(each.place, each.time, showable_string(SPOILT))
        for name, each in known.known.items()
    }
    return history(with_showable_strings(table), Commits(spoilt, known.address))


@pytest.fixture(scope="module")
def hostile_page(hostile):
    return render(hostile)


def test_the_page_opens_with_what_got_slower_since_when_and_by_how_much(told, page):
    title = re.search("<h1[^>]*>(.*?)</h1>", page)[1]
    found = re.fullmatch(r"Involution \(native\) takes (1\.1\d) times as long since (\w{7})", title)
    assert float(found[1]) == pytest.approx(1.15, abs=0.03)
    assert found[2] == hash_of(18)[:7]
    assert page.index(title) < page.index("What got slower") < page.index("What got faster")
    assert "(2026-01-19, Do 18), in 8 cases." in page


def test_commits_are_links_to_their_host(page):
    links = re.findall('<a href="(https:[^"]*)">([^<]*)</a>', page)
    assert links
    for address, text in links:
        assert address.startswith("https://example.org/owner/name/commit/")
        assert address.rpartition("/")[2].startswith(text)


def test_without_an_address_there_is_no_link(told):
    assert "https:" not in render(history(records(), commits(30, address="")))


def test_the_page_nests_loads_nothing_and_its_links_lead_somewhere(page):
    outline = Outline(page)
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.links) <= set(outline.ids)
    assert outline.loads == []
    assert outline.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed"})
    steps = [after - before for before, after in pairwise(outline.headings)]
    assert outline.headings.count(1) == 1
    assert max(steps) <= 1


def test_every_series_is_shown(told, page):
    assert page.count('aria-label="') > len(told.timelines[0].series)
    for name in told.timelines[0].series["name"].unique():
        assert f"<summary>{name}, 10 series</summary>" in page


def test_equal_histories_give_equal_pages(page):
    assert render(history(records(changes=CHANGES), commits(30))) == page


def test_markup_in_an_archive_is_shown_as_text(hostile_page):
    Outline(hostile_page)
    assert "<img" not in hostile_page
    assert "<script" not in hostile_page
    assert "&lt;script&gt;" in hostile_page


def test_markup_in_an_archive_is_no_markdown(hostile):
    text = summary(hostile)
    assert "<img" not in re.sub(r"\\<", "", text)
    assert "@name" not in text.replace(r"\@name", "")


def test_control_characters_in_an_archive_reach_no_page_and_no_terminal(hostile, hostile_page):
    for text in (summary(hostile), hostile_page):
        assert {letter for letter in text if not letter.isprintable()} == {"\n"}
    assert "\n# heading" not in summary(hostile)


def test_the_summary_of_many_machines_fits_in_a_comment():
    machines = [
        records(runs=3, kernels=(3,), hardware=f"{number}", machine=f"{number} " + "x" * 3000)
        for number in range(40)
    ]
    text = summary(history(pd.concat(machines, ignore_index=True), commits(3)))
    assert MOST_CHARACTERS - 4000 < len(text) < MOST_CHARACTERS + 500
    assert re.search(r"And \d+ more paragraphs, for which a comment has no room", text)


@pytest.mark.parametrize("is_committed", [True, False])
def test_runs_without_a_date_are_shown(is_committed):
    table = records(runs=12, kernels=(3,))
    table["measured_at"] = table["commit_time"] = pd.to_datetime(
        pd.Series(pd.NaT, table.index), utc=True
    )
    if not is_committed:
        table["commit"] = None
    told = history(table, commits(12))
    assert opening.facts(told)[-1] == "unknown date"
    assert "unknown date" in render(told)


def test_the_summary_says_the_same_and_links_to_commits(told):
    text = summary(told)
    title, lines = text.split("\n\n")[:2]
    assert title.startswith(r"# Involution (native) takes 1.1")
    assert [line.split(":")[0] for line in lines.splitlines()] == [
        "- Slower",
        "- Faster",
        "- No change found",
    ]
    name = hash_of(18)
    assert f"[{name[:7]}](https://example.org/owner/name/commit/{name})" in text
    rows = [line for line in text.splitlines() if line.startswith("| involution")]
    assert len(rows) == 10


def test_software_that_changed_with_an_operator_is_named():
    table = records(changes=CHANGES[:1])
    is_new = table["measured_at"] >= table["measured_at"].unique()[18]
    table.loc[is_new, "software"] = "TensorFlow 2.22"
    text = summary(history(table, commits(30)))
    assert r"The software changed there, too: TensorFlow 2.21 before, TensorFlow 2.22 since" in text


def test_a_quiet_history_says_so():
    told = history(records(), commits(30))
    assert "# Nothing got slower in 30 commits" in summary(told)
    assert "Nothing got slower in 30 commits" in render(told)


@pytest.mark.parametrize("runs", [3, 12])
def test_a_history_of_a_few_runs_says_how_many_there_are_and_how_many_it_takes(runs):
    told = history(records(runs=runs), commits(runs))
    said = f"{runs} commits of one machine are too few to tell whether anything got slower"
    text, page = summary(told), render(told)
    assert text.startswith(f"# {said}: that takes ")
    least = int(re.search(r"that takes (?:some|at least) (\d+)", text)[1])
    assert runs < least < 30
    assert f">{said}" in page
    for quiet in (
        "othing got slower",
        "othing that lasts",
        "No operator got",
        "No baseline changed",
    ):
        assert quiet not in text + page


def test_the_number_that_it_takes_is_enough():
    told = history(records(runs=12), commits(12))
    least = needed(told.searched.tests)
    # More commits have more places for a change, and so more tests.
    assert "Nothing got slower" in summary(history(records(runs=least + 3), commits(least + 3)))
    assert "too few to tell" in summary(history(records(runs=least - 1), commits(least - 1)))


def test_a_machine_of_few_runs_beside_one_of_many_says_so_in_its_own_section():
    many, few = records(), records(runs=4, hardware="there", machine="Other, 4 cores")
    told = history(pd.concat([many, few], ignore_index=True), commits(30))
    page = render(told)
    assert "Nothing got slower in 34 commits" in page
    own = page[page.index('<h2 id="machine-2">') :]
    assert "4 commits of one machine are too few to tell" in own
    assert "No operator got slower" not in own
    assert "No operator got slower" in page[: page.index('<h2 id="machine-2">')]


def test_series_that_are_not_judged_are_counted():
    page = render(history(records(runs=3), commits(3)))
    assert "40 series" not in page
    assert "Series not judged: 40" in page


def test_no_run_at_all_is_said(told):
    empty = history(records(runs=1).iloc[:0], commits(1))
    assert "0 commits of one machine are too few" in render(empty)
    assert "0 commits of one machine are too few" in summary(empty)


@pytest.mark.slow
def test_a_browser_shows_it_without_complaint_in_any_size_and_theme(hostile_page, page, tmp_path):
    with browser.chromium() as started:
        for name, shown in (("hostile", hostile_page), ("told", page)):
            path = tmp_path / f"{name}.html"
            path.write_text(shown, encoding="utf-8")
            context = started.new_context(offline=True)
            tab, messages = context.new_page(), []
            tab.on("console", lambda message, kept=messages: kept.append(message.text))
            tab.on("pageerror", lambda error, kept=messages: kept.append(str(error)))
            for width, scheme in ((360, "light"), (1440, "dark")):
                tab.set_viewport_size({"width": width, "height": 800})
                tab.emulate_media(color_scheme=scheme)
                tab.goto(path.as_uri())
                tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert tab.evaluate("typeof ran") == "undefined"
            assert messages == []
            violations = Axe().run(tab).response["violations"]
            assert [
                rule["id"] for rule in violations if rule["impact"] in {"serious", "critical"}
            ] == []
            context.close()
