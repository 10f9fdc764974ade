"""The page as a browser shows it: from disk, without a network."""

import csv
import gzip
import io
import json

import pandas as pd
import pytest
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from playwright.sync_api import expect

from reports.kinds import Results, read
from reports.output import csv as export
from reports.output.html import render
from reports.sweeps import listing as records
from reports.sweeps.kind import SWEEPS
from tests import browser
from tests.reports.cifar import studies
from tests.reports.conftest import Builder
from tests.reports.profiling import traces

pytestmark = pytest.mark.slow

# Would show itself if it ran, as markup or as script, in whatever part of a page.
HOSTILE = """</script></style></svg>'"><img src="x" onerror="ran=1"><script>ran=1</script>"""
# 4.5 to 1 and the other rules that keep people out.


def hostile(record):
    """Put markup into each string of a record that may be any."""
    extra = record["extra_info"]
    for key in ("label", "implementation", "backend", "peak_memory_source"):
        extra[key] = HOSTILE
    extra["notes"] = [HOSTILE, "=HYPERLINK(1)"]
    record["fullname"] = "=cmd|' /C calc'!A0" + HOSTILE
    return record


def records_of(results):
    """The records of the only run."""
    return results.sources[0].content.records


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    builder = Builder(rounds=10)
    entries = builder.sweep("kernel_size", [3, 5, 7, 9])
    entries.append(hostile(builder.record("kernel_size", "involution", kernel_size=11)))
    path = folder / f"{'x' * 60}.json"
    path.write_text(json.dumps(builder.document(entries)))
    traced = traces.write(
        folder / "profile",
        traces.numbers("run", traces.operator("convolution", "keras"), {"core": 0.01}),
    )
    return read([path, studies.write(folder / "cifar"), traced])


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def opened(results, chromium, tmp_path_factory):
    """The page, and all that it said and asked for since it was opened."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(results), encoding="utf-8")
    context = chromium.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    page.messages, page.requests = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(path.as_uri())
    yield page
    context.close()


@pytest.fixture
def page(opened):
    """The page as it is after a reload, nothing sorted or filtered."""
    opened.set_viewport_size({"width": 1440, "height": 900})
    opened.emulate_media(color_scheme="light", media="screen")
    opened.messages.clear()
    opened.requests.clear()
    opened.reload()
    return opened


def column(page, head):
    """The cells of a column of the table, in the order shown."""
    heads = page.locator("#records-table thead th").all_inner_texts()
    place = [text.strip() for text in heads].index(head) + 1
    return page.locator(f"#records-table tbody tr > :nth-child({place})").all_inner_texts()


def test_nothing_is_loaded_and_nothing_complained_of(page):
    assert page.messages == []
    assert [url for url in page.requests if not url.startswith("data:image/")] == [page.url]
    assert page.evaluate("typeof ran") == "undefined"


def test_markup_in_a_file_is_shown_as_text(page):
    page.get_by_label("Filter").fill("onerror")
    assert "</script></style>" in column(page, "Test")[0]
    assert page.locator("img").count() == 0
    assert page.evaluate("typeof ran") == "undefined"


def test_the_policy_stops_a_script_that_got_in(page):
    page.evaluate(
        "const made = document.createElement('script'); made.textContent = 'ran=1';"
        "document.body.append(made)"
    )
    assert page.evaluate("typeof ran") == "undefined"
    assert any("Content Security Policy" in message for message in page.messages)


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_is_no_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_link_leads_to_what_it_names(page):
    targets = page.eval_on_selector_all(
        "a[href^='#']", "links => links.map(link => link.getAttribute('href').slice(1))"
    )
    missing = [name for name in targets if page.locator(f"[id='{name}']").count() != 1]
    assert targets
    assert missing == []


def test_numbers_sort_as_numbers(page):
    head = page.get_by_role("columnheader", name="MACs, M")
    head.click()
    # The library sorts in a task of its own, after the click is answered.
    expect(head).to_have_attribute("aria-sort", "ascending")
    values = [float(text) for text in column(page, "MACs, M")]
    assert values == sorted(values)
    assert values != sorted(values, key=str)
    head.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    falling = [float(text) for text in column(page, "MACs, M")]
    assert falling == sorted(falling, reverse=True)
    assert max(values) < max(falling)


def test_the_table_filters(page, results):
    page.get_by_label("Filter").fill("depthwise training")
    expected = records_of(results).query(
        "operator == 'depthwise convolution' and direction == 'training'"
    )
    assert len(column(page, "Operator")) == len(expected)
    assert set(column(page, "Direction")) == {"training"}


def test_the_pages_of_the_table_are_numbered(page):
    page.get_by_label("Rows").select_option("10")
    buttons = page.locator(".dt-paging-button")
    numbers = [text for text in buttons.all_inner_texts() if text.isdecimal()]
    assert numbers[:3] == ["1", "2", "3"]
    page.locator(".dt-paging-button.next").click()
    expect(page.locator("[aria-current=page]")).to_have_text("2")


def test_columns_are_chosen(page):
    heads = page.locator("#records-table thead th")
    assert "Rounds" not in heads.all_inner_texts()
    page.get_by_role("button", name="Columns").press("Enter")
    veil = page.locator(".dt-button-background")
    expect(veil).to_have_css("opacity", "0.5")  # the table can be seen while columns are chosen
    page.get_by_role("button", name="Rounds").click()
    page.keyboard.press("Escape")
    assert set(column(page, "Rounds")) == {"10"}


def test_the_csv_is_the_table_of_all_records(page, results):
    with page.expect_download() as download:
        page.get_by_role("link", name="as CSV").click()
    assert download.value.suggested_filename == "records.csv"
    text = download.value.path().read_text(encoding="utf-8")
    expected = export.frame(results.sources[0].content.judged)
    found = list(csv.DictReader(io.StringIO(text)))
    assert list(found[0]) == list(expected.columns)
    assert len(found) == len(expected)
    for name, dtype in expected.dtypes.items():
        for cell, value in zip((row[name] for row in found), expected[name], strict=True):
            if not is_numeric_dtype(dtype) or is_bool_dtype(dtype):
                assert cell == ("" if pd.isna(value) else str(value))
            else:
                assert float(cell or "nan") == pytest.approx(value, rel=0, abs=0, nan_ok=True)
    assert found[-1]["fullname"].startswith("'=cmd")


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
def test_no_rule_of_accessibility_is_broken(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_role("button", name="Columns").click()
    assert browser.barriers(page) == {}


def test_all_rows_are_printed(page, results):
    page.get_by_label("Rows").select_option("10")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(column(page, "Sweep")) == len(records_of(results))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(column(page, "Sweep")) == 10


def test_without_scripts_the_table_is_there(page, chromium, results):
    with chromium.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(page.url)
        rows = plain.locator("#records-table tbody tr")
        assert rows.count() == len(records_of(results))
        assert rows.first.is_visible()


def test_rows_that_are_not_markup_are_drawn_too(results, chromium, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "WRITTEN_OUT", 5)
    monkeypatch.setattr(export, "LONGEST_LINK", 1000)
    path = tmp_path / "report.html"
    path.write_text(render(Results(results.of(SWEEPS))), encoding="utf-8")
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        shown = page.get_by_text(f"Showing 1 to 25 of {len(records_of(results))} records")
        shown.wait_for()
        page.get_by_label("Filter").fill("onerror")
        assert "</script></style>" in column(page, "Test")[0]
        assert page.evaluate("typeof ran") == "undefined"
        with page.expect_download() as download:
            page.get_by_role("link", name="as CSV").click()
        assert download.value.suggested_filename == "records.csv.gz"
        with gzip.open(download.value.path(), "rt", encoding="utf-8", newline="") as file:
            assert file.read() == export.csv(results.sources[0].content.judged)
    with chromium.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(path.as_uri())
        assert plain.locator("#records-table tbody tr").count() == 5
        assert plain.get_by_text("The first 5 records").is_visible()
