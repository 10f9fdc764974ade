"""The page as people use it, in Chromium: nothing leaves this machine, and nothing stays on it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from demo.pictures import MOST_BYTES
from tests import browser
from tests.demo.files import halves, noise, saved
from tests.demo.serving import ROOT, SECONDS, served

pytestmark = pytest.mark.slow

PICTURE = {"name": "holiday.png", "mimeType": "image/png", "buffer": saved(noise(300), "PNG")}
DROP = """([area, name, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(content)], name));
  area.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    command = ["-m", "demo", "--no-browser", "--port", "{port}"]
    folder = tmp_path_factory.mktemp("demo")
    with served(folder, command, path=ROOT) as started:
        yield started


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def opened(server, chromium):
    """The page, and all that it said and asked for since it was opened."""
    page = chromium.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(SECONDS * 1000)
    expect.set_options(timeout=SECONDS * 1000)
    page.messages, page.requests = [], []
    page.on("console", lambda message: page.messages.append(message.text))
    page.on("pageerror", lambda error: page.messages.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    page.goto(server.address)
    expect(answer(page).locator("table")).to_be_visible()
    yield page
    expect.set_options(timeout=None)


@pytest.fixture
def page(opened, server):
    """The page with an answer that no test expects. It is not loaded again, which takes seconds."""
    opened.set_viewport_size({"width": 1440, "height": 1000})
    opened.get_by_role("radio", name="frog 1", exact=True).click()
    expect(answer(opened)).to_contain_text("Its class is frog.")
    opened.messages.clear()
    opened.requests.clear()
    yield opened
    assert opened.messages == []
    # Whatever was asked for, it was asked of this server, or was in the page.
    hosts = {urlsplit(url).netloc for url in opened.requests if not url.startswith("data:")}
    assert hosts <= {urlsplit(server.address).netloc}
    assert server.hosts == {"127.0.0.1"}
    assert server.files == []
    assert "Traceback" not in server.log.read_text()


def upload(page, **changes):
    page.locator("#picker input[type=file]").set_input_files(PICTURE | changes)


def answer(page):
    return page.locator("#answer")


def test_it_opens_with_an_answer(page, server):
    page.goto(server.address)
    expect(answer(page).locator("table")).to_be_visible()
    assert page.requests
    expect(page).to_have_title("Involution and convolution")
    expect(answer(page)).to_contain_text("Its class is airplane.")
    heads = answer(page).locator("thead th").all_inner_texts()
    assert [re.split(r"\n", head)[0] for head in heads] == [
        "Convolution",
        "Involution",
        "Involution, equal widths",
    ]
    assert answer(page).get_by_alt_text("Kernel map").count() == 6
    for kind in ("Parameters", "MACs", "Time"):
        row = answer(page).locator("tr", has=page.get_by_role("rowheader", name=kind))
        assert all(re.match(r"[\d.,]+", cell) for cell in row.locator("td").all_inner_texts())
    assert page.locator("footer").count() == 0 or not page.locator("footer").is_visible()


def test_an_image_is_chosen(page):
    page.get_by_role("radio", name="cat 3", exact=True).click()
    expect(answer(page)).to_contain_text("Its class is cat.")


def test_images_are_chosen_by_keyboard(page):
    page.get_by_role("radio", name="airplane 20", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="automobile 1", exact=True)).to_be_checked()
    expect(answer(page)).to_contain_text("Its class is automobile.")


def test_a_picture_is_uploaded_and_the_same_one_again(page):
    upload(page)
    expect(answer(page)).to_contain_text("Your picture.")
    assert page.get_by_role("radio", checked=True).count() == 0
    page.get_by_role("radio", name="ship 2", exact=True).click()
    expect(answer(page)).to_contain_text("Its class is ship.")
    upload(page)
    expect(answer(page)).to_contain_text("Your picture.")


def test_a_picture_is_dropped(page):
    area = page.locator("#picker .upload").element_handle()
    page.evaluate(DROP, [area, "dropped.jpg", list(saved(halves(), "JPEG"))])
    expect(answer(page)).to_contain_text("Your picture.")


def test_a_large_picture_is_taken(page):
    content = saved(noise(1500), "PNG")
    assert 5e6 < len(content) < MOST_BYTES
    upload(page, buffer=content)
    expect(answer(page)).to_contain_text("Your picture.")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"no picture at all", "not a picture that can be read"),
        (PICTURE["buffer"][:5000], "damaged, cut off"),
    ],
)
def test_what_is_no_picture_gives_a_sentence(page, content, sentence):
    upload(page, buffer=content)
    expect(answer(page).get_by_role("alert")).to_contain_text(sentence)
    expect(answer(page).locator("table")).to_have_count(0)
    page.get_by_role("radio", name="dog 1", exact=True).click()
    expect(answer(page)).to_contain_text("Its class is dog.")


def test_a_file_that_is_too_large_is_not_sent(page):
    before = len(page.requests)
    upload(page, buffer=bytes(MOST_BYTES + 1))
    note = page.locator("#picker .note")
    expect(note).to_contain_text("holiday.png is too large: at most 10 MB are read.")
    assert not any("queue/join" in url for url in page.requests[before:])
    upload(page)
    expect(answer(page)).to_contain_text("Your picture.")
    expect(note).to_be_empty()


def test_maps_cover_the_picture_as_much_as_is_asked(page):
    first = answer(page).get_by_alt_text("Kernel map").first
    page.get_by_label("Map over the picture").fill("20")
    expect(first).to_have_css("opacity", "0.2")


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_is_no_wider_than_the_window(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1440)])
def test_no_rule_of_accessibility_is_broken(page, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    assert browser.barriers(page) == {}


def test_a_form_with_a_file_is_refused(server, chromium):
    context = chromium.new_context()
    answered = context.request.post(
        f"{server.address}gradio_api/upload", multipart={"files": PICTURE}
    )
    assert answered.status == 415
    assert server.files == []
    context.close()


@pytest.mark.posix
def test_when_it_is_stopped_nothing_is_left(tmp_path, chromium):
    command = ["-m", "demo", "--no-browser", "--port", "{port}"]
    with served(tmp_path, command, path=ROOT) as server:
        page = chromium.new_page()
        page.goto(server.address)
        upload(page)
        expect(answer(page)).to_contain_text("Your picture.")
        page.close()
        assert server.stop() == 0
        assert server.files == []
        assert "Traceback" not in server.log.read_text()
