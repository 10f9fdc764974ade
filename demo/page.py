"""The page, and what happens when a picture is chosen."""

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before Gradio is imported
import gradio as gr
from starlette.middleware import Middleware

from demo.classes import CLASSES
from demo.limits import RequestLimits
from demo.models import ShownModel, answers
from demo.picker import picker
from demo.pictures import MOST_BYTES, PictureError, SquarePicture, read_picture, square
from demo.result import refusal, result
from demo.sheet import image_of

TITLE = "Involution and convolution"
INTRODUCTION = f"""<header><h1>{TITLE}</h1>
<p>Three small networks, trained on CIFAR-10, classify the same picture. They know ten classes:
{", ".join(CLASSES[:-1])} and {CLASSES[-1]}.</p></header>"""
# Events that wait for the one that is answered. More are told to try again.
MOST_WAITING = 16
OWN = "Your picture. Whatever it shows, a model names one of its ten classes."
STYLE = Path(__file__).with_name("style.css")
# Fonts of the reader's system: those of Gradio's themes are loaded from another site.
FONTS = ("system-ui", "sans-serif")
CODE_FONTS = ("ui-monospace", "monospace")


def page(models: Sequence[ShownModel]) -> gr.Blocks:
    """Return the page, to be launched with `launch_options`.

    Args:
        models: of `models.shown_models`.
    """

    def show(event: gr.EventData) -> str:
        return shown(models, event._data)  # noqa: SLF001 - Gradio has no other name for all of it

    with gr.Blocks(title=TITLE, analytics_enabled=False) as blocks:
        gr.HTML(INTRODUCTION, elem_id="head", apply_default_css=False)
        with gr.Row(elem_id="panes"):
            with gr.Column(scale=4, min_width=330):
                choice = picker()
            with gr.Column(scale=7, min_width=330):
                answer = gr.HTML(elem_id="answer", apply_default_css=False)
        options: dict[str, Any] = {
            "api_visibility": "private",
            # One at a time, whichever event: others would slow what is timed.
            "concurrency_id": "models",
            "concurrency_limit": 1,
            "show_progress": "minimal",
        }
        choice.choose(show, None, answer, trigger_mode="always_last", **options)
        blocks.load(lambda: shown(models, {"label": 0, "place": 0}), None, answer, **options)
    blocks.queue(max_size=MOST_WAITING)
    return blocks


def launch_options() -> dict[str, Any]:
    """Return the arguments of `launch` that hold here and in a Space."""
    return {
        "app_kwargs": {"middleware": [Middleware(RequestLimits)]},
        "css_paths": [STYLE],
        "enable_monitoring": False,
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "theme": gr.themes.Base(font=FONTS, font_mono=CODE_FONTS),
    }


def shown(models: Sequence[ShownModel], chosen: object) -> str:
    """Return the markup for what was chosen, a result or a sentence.

    Args:
        models: of `models.shown_models`.
        chosen: what the picker sent: {"label", "place"} or {"content"}.
    """
    try:
        picture, origin = _picture(chosen)
    except PictureError as error:
        return refusal(str(error))
    return result(picture, origin, answers(models, picture.seen))


def _picture(chosen: object) -> tuple[SquarePicture, str]:
    """Return a picture and a sentence about where it is from."""
    match chosen:
        case {"content": str(content)} if len(content) <= MOST_BYTES * 4 // 3 + 4:
            try:
                decoded = base64.b64decode(content, validate=True)
            except ValueError:
                raise PictureError("The picture did not arrive whole. Please try again.") from None
            return read_picture(decoded), OWN
        case {"label": int(label), "place": int(place)}:
            try:
                image = image_of(label, place)
            except ValueError:
                raise PictureError("There is no such image on the sheet.") from None
            return square(image), f"A test image of CIFAR-10. Its class is {CLASSES[label]}."
    raise PictureError("Expected an image of the sheet, or a file of up to 10 MB.")
