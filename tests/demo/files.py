"""Real files of pictures, as people upload them, and others."""

import io

import numpy as np
from PIL import Image

RED, BLUE = (200, 30, 40), (20, 60, 210)


def saved(image, form, **options):
    """The content of an image as a file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def halves(width=120, height=90):
    """An image, red at the left and blue at the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def noise(side=64):
    """An image that hardly can be compressed."""
    values = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(values)
