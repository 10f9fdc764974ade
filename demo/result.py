"""The part of the page with the picture, the predictions, numbers and kernel maps of the models."""

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from PIL import Image

from demo.classes import CLASSES
from demo.markup import data_url, heat_map, milliseconds, percentage
from demo.models import Answer
from demo.pictures import SIDE, SquarePicture
from demo.timing import ROUNDS

# Classes whose probabilities are shown.
BEST = 4
# How strongly a map covers the picture at first, in percent.
STRENGTH = 75
# What sets the strength of all maps of a page, without a call to the server.
SET_STRENGTH = "this.closest('.maps').style.setProperty('--strength', this.value / 100)"


def result(picture: SquarePicture, origin: str, found: Sequence[Answer]) -> str:
    """Return what is known about a picture.

    Args:
        picture: what was chosen.
        origin: where it is from, a sentence.
        found: of `models.answers`.

    Returns:
        Markup.
    """
    return f"{_pictures(picture, origin)}{_table(found)}{_maps(picture, found)}"


def refusal(sentence: str) -> str:
    """Return the markup of a sentence that says why there is no result."""
    return f'<p class="refusal" role="alert">{escape(sentence)}</p>'


def _pictures(picture: SquarePicture, origin: str) -> str:
    seen = _figure(Image.fromarray(picture.seen), f"what the models see: {SIDE} x {SIDE} pixels")
    whole = ""
    if picture.shown.width > SIDE:
        whole = _figure(picture.shown, "the picture, cut to a square")
    return (
        f'<section class="pictures" aria-label="Picture">{whole}{seen}'
        f"<p>{escape(origin)}</p></section>"
    )


def _figure(image: Image.Image, caption: str) -> str:
    return (
        f'<figure><img src="{data_url(image)}" alt="">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _table(found: Sequence[Answer]) -> str:
    heads = "".join(
        f'<th scope="col">{escape(each.by.title)}<small>{escape(each.by.description)}</small></th>'
        for each in found
    )
    rows = [
        _row("Prediction", found, _prediction),
        _row("Parameters", found, lambda each: f"{each.by.parameters:,}"),
        _row("MACs", found, lambda each: f"{each.by.macs:,}"),
        _row("Time", found, lambda each: milliseconds(each.seconds)),
    ]
    return (
        f'<table class="models" style="--models: {len(found)}">'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        f'<p class="legend">MACs: multiply-accumulates for one image, by formula. Time: median of '
        f"{ROUNDS} calls on this machine, interleaved, batch 1, compiled by XLA.</p>"
    )


def _row(head: str, found: Sequence[Answer], cell: Callable[[Answer], str]) -> str:
    cells = "".join(f"<td>{cell(each)}</td>" for each in found)
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'


def _prediction(answer: Answer) -> str:
    best = np.argsort(answer.probabilities)[::-1][:BEST]
    bars = "".join(_bar(CLASSES[label], float(answer.probabilities[label])) for label in best)
    return f'<ol class="bars">{bars}</ol>'


def _bar(name: str, share: float) -> str:
    return (
        f'<li style="--share: {share:.3f}"><span>{escape(name)}</span> '
        f"<b>{percentage(share)}</b></li>"
    )


def _maps(picture: SquarePicture, found: Sequence[Answer]) -> str:
    seen = data_url(Image.fromarray(picture.seen))
    rows = "".join(_maps_of(answer, seen) for answer in found if answer.maps)
    return f"""<section class="maps" aria-labelledby="maps"><h2 id="maps">Kernel maps</h2>
<p>An involution generates a kernel from its input at each position. A map shows the sum of that
kernel: dark is low, yellow is high, and each map has its own scale. A convolution has no such map:
its kernel is the same at all positions.</p>
<label>Map over the picture <input type="range" min="0" max="100" value="{STRENGTH}"
oninput="{SET_STRENGTH}"></label>{rows}</section>"""


def _maps_of(answer: Answer, seen: str) -> str:
    title = escape(answer.by.title)
    maps = "".join(
        _tile(
            seen,
            f'<img class="map" src="{data_url(heat_map(values))}" '
            f'alt="Kernel map of layer {layer} of {title}">',
            f"layer {layer}<small>{values.min():.4g} to {values.max():.4g}</small>",
        )
        for layer, values in enumerate(answer.maps, start=1)
    )
    return f'<h3>{title}</h3><div class="row">{_tile(seen, "", "picture")}{maps}</div>'


def _tile(seen: str, over: str, caption: str) -> str:
    return (
        f'<figure><div class="tile"><img src="{seen}" alt="">{over}</div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )
