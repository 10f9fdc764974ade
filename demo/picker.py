"""The part of the page where a picture is chosen or uploaded, as a component of Gradio.

Gradio stores what its own components upload in files. This one reads the file in the browser and
sends its content with the event, so that nothing is stored.
"""

from html import escape
from pathlib import Path

import gradio as gr

from demo.classes import CLASSES
from demo.markup import data_url
from demo.pictures import MOST_BYTES
from demo.sheet import PER_CLASS, sheet

SCRIPT = Path(__file__).with_name("picker.js")


def picker() -> gr.HTML:
    """Return the component; its event `choose` has what `page.shown` reads."""
    script = SCRIPT.read_text(encoding="utf-8")
    return gr.HTML(
        html_template=_template(),
        js_on_load=script.replace("MOST_BYTES", str(MOST_BYTES)),
        apply_default_css=False,
        elem_id="picker",
    )


def _template() -> str:
    rows = "".join(_row(label, name) for label, name in enumerate(CLASSES))
    return f"""
<h2 id="offered">Choose a picture</h2>
<p class="hint">{PER_CLASS} test images of each class; the rows scroll sideways.</p>
<div class="sheet" role="radiogroup" aria-labelledby="offered"
  style="--sheet: url({data_url(sheet())})">{rows}</div>
<label class="upload" for="file">
  <input id="file" type="file" accept="image/*">
  <strong>Upload a picture</strong>
  <span>or drop it here, up to {MOST_BYTES / 1e6:.0f} MB. It is not stored.</span>
</label>
<p class="note" role="alert"></p>
"""


def _row(label: int, name: str) -> str:
    images = "".join(_image(label, place, f"{name} {place + 1}") for place in range(PER_CLASS))
    return f'<div class="class"><span class="name">{escape(name)}</span>{images}</div>'


def _image(label: int, place: int, name: str) -> str:
    checked = " checked" if (label, place) == (0, 0) else ""
    return (
        f'<input type="radio" name="image" value="{label}/{place}" aria-label="{escape(name)}" '
        f'title="{escape(name)}" style="--row: {label}; --column: {place}"{checked}>'
    )
