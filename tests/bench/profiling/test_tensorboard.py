"""TensorBoard itself, over fresh traces, as Chromium shows it."""

import contextlib
import json
import re
import socket
import subprocess
import time
import urllib.request

import pytest

from bench.profiling import tensorboard
from tests import browser

pytestmark = pytest.mark.slow

SECONDS = 60
RUN = "involution-fused-training-kernel_size3"

# All text of a page, that of its web components too; null until some words are in it.
TEXT = """words => {
  const text = node => [...node.childNodes].map(child => child.nodeType == 3 ? child.data :
    ["STYLE", "SCRIPT", "TEMPLATE"].includes(child.tagName) ? "" :
    text(child) + (child.shadowRoot ? text(child.shadowRoot) : "")).join("\\n");
  const shown = text(document.body);
  return words.every(word => shown.includes(word)) ? shown : null;
}"""
FETCH = """([run, tag]) =>
  fetch(`data?run=${encodeURIComponent(run)}&tag=${tag}`).then(answer => answer.text())"""


@pytest.fixture(scope="module")
def server(traces):
    """The address of TensorBoard over the traces."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*tensorboard.command(traces), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}/"
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()


def _wait_for(address, process):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise TimeoutError("TensorBoard does not answer")


@pytest.fixture(scope="module")
def page():
    """A page of Chromium that waits as long as TensorBoard may need."""
    with browser.chromium() as started:
        page = started.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(SECONDS * 1000)
        yield page


@pytest.fixture
def profile(server, page, traces):
    """A function that opens a tool on a run and returns the run's full name."""

    def open_tool(tool, run=RUN):
        session = next((traces / run).glob("plugins/profile/*")).name
        full_name = f"{run}/{session}"
        page.goto(f"{server}data/plugin/profile/index.html?run={full_name}&tag={tool}")
        return full_name

    return open_tool


def wait_for(frame, *words):
    """Wait until a page or a frame shows some words and return its text."""
    return frame.wait_for_function(TEXT, arg=words, polling=200).json_value()


def frame_of(page):
    """Wait for the frame in a page."""
    return page.wait_for_selector("iframe", state="attached").content_frame()


def test_the_profile_tab_lists_the_runs(server, page, traces):
    page.goto(f"{server}#profile")
    assert "Sessions (2)" in wait_for(frame_of(page), "Performance Summary", "Sessions")


def test_the_overview_has_the_step_times_of_the_numbers(profile, page, traces):
    full_name = profile("overview_page")
    text = wait_for(page, RUN, "Performance Summary", "Host Compute Time")
    numbers = json.loads((traces / RUN / "numbers.json").read_text())
    steps = len(numbers["step_seconds"])
    # The page writes the mean of what a step consists of, in tenths of a millisecond.
    shown = [float(value) for value in re.findall(r"^\s*([\d.]+) ms\s*$", text, re.MULTILINE)]
    assert sum(shown) > 0
    mean = sum(numbers["step_seconds"]) / steps
    assert mean == pytest.approx(sum(shown) / 1e3, abs=len(shown) * 0.051e-3)
    table = json.loads(page.evaluate(FETCH, [full_name, "overview_page"]))[1]
    column = [each["id"] for each in table["cols"]].index("stepTimeMs")
    milliseconds = [row["c"][column]["v"] for row in table["rows"]]
    assert numbers["step_seconds"] == pytest.approx([each / 1e3 for each in milliseconds])


def test_the_trace_viewer_shows_the_threads(profile, page):
    profile("trace_viewer@")
    assert "tf_Compute" in wait_for(frame_of(page), "/host:CPU", "tf_Compute")


@pytest.mark.parametrize(
    ("run", "names"),
    [
        (RUN, ["involution2d", "kernel_generation/kernel_generator", "MatMul"]),
        ("convolution-training-kernel_size3", ["conv2d", "Conv2DBackpropFilter"]),
    ],
)
def test_op_statistics_name_the_operations(profile, page, run, names):
    full_name = profile("framework_op_stats", run)
    wait_for(page, run, "Framework Operations")
    # The page draws the table with a library that it loads from the internet.
    table = page.evaluate(FETCH, [full_name, "framework_op_stats"])
    assert all(name in table for name in names)
