"""Any file to a small square picture: what people upload, and what is none."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

SIDE = 32
# Side of the square that the page shows next to what the models see, at most.
SHOWN_SIDE = 384
MOST_BYTES = 10 * 1000**2
# Decoded, a pixel takes up to four bytes: these take 200 MB.
MOST_PIXELS = 50 * 1000**2
TOO_LARGE = f"The picture is too large: at most {MOST_PIXELS / 1e6:.0f} million pixels are read."
# Those that cameras, phones and browsers write. Pillow knows many more, some of which run programs.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
# Pillow's modes whose pixels are whole numbers or floats without a known range.
UNSCALED = ("I", "F")
# What turns a picture upright, by the orientation of its EXIF data.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureError(ValueError):
    """A file that is no picture, or one that is too large. The message is for its owner."""


@dataclass(frozen=True)
class SquarePicture:
    """A picture, ready for the models.

    Attributes:
        seen: (32, 32, 3), uint8, what the models see.
        shown: the square from its middle, RGB, at most 384 pixels wide.
    """

    seen: NDArray[np.uint8]
    shown: Image.Image


def read_picture(content: bytes) -> SquarePicture:
    """Read the content of a file as a square picture.

    The picture is turned upright by its EXIF data, cut to the square in its middle, put on white
    where it is transparent, and scaled with antialiasing. Of an animation the first frame is taken.

    Args:
        content: the bytes of the file, at most 10 million.

    Returns:
        The picture.

    Raises:
        PictureError: if it is too large, or no picture that can be read.
    """
    if len(content) > MOST_BYTES:
        raise PictureError(
            f"The file is too large: at most {MOST_BYTES / 1e6:.0f} MB are read. "
            f"Received: {len(content) / 1e6:.1f} MB."
        )
    if not content:
        raise PictureError("The file is empty.")
    try:
        with warnings.catch_warnings():
            # Pillow warns of what is odd in a file; what it can read is good enough.
            warnings.simplefilter("ignore")
            return _read(content)
    except PictureError:
        raise
    except Image.DecompressionBombError:  # Pillow's own limit, which is higher
        raise PictureError(TOO_LARGE) from None
    except UnidentifiedImageError:
        raise PictureError(
            "The file is not a picture that can be read. Pictures are read as "
            f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}."
        ) from None
    except Exception:  # noqa: BLE001 - a damaged file can raise nearly anything
        raise PictureError(
            "The picture cannot be read: it is damaged, cut off, or of an unusual kind."
        ) from None


def square(image: Image.Image) -> SquarePicture:
    """Make the picture of an image that is RGB, from the square in its middle.

    Args:
        image: of any size.

    Returns:
        The picture.
    """
    side = min(*image.size, SHOWN_SIDE)
    shown = ImageOps.fit(image, (side, side), Image.Resampling.LANCZOS)
    seen = ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.LANCZOS)
    return SquarePicture(np.asarray(seen), shown)


def _read(content: bytes) -> SquarePicture:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise PictureError(f"{TOO_LARGE} Received: {width:,} x {height:,}.")
        image.draft("RGB", (2 * SHOWN_SIDE, 2 * SHOWN_SIDE))  # of a JPEG this decodes a fraction
        cut = _middle(image)
        # Now that it is decoded: a TIFF is then upright already, and a PNG may say it at its end.
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    coloured = _coloured(cut)
    side = min(coloured.width, SHOWN_SIDE)
    small = coloured.resize((side, side), Image.Resampling.LANCZOS)
    if orientation in TURNS:
        small = small.transpose(TURNS[orientation])
    return square(_on_white(small))


def _middle(image: Image.Image) -> Image.Image:
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _coloured(image: Image.Image) -> Image.Image:
    """Return an image that is RGB, or RGBA if some of it may be transparent."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in UNSCALED:
        side = min(image.width, SHOWN_SIDE)
        small = image.convert("F").resize((side, side), Image.Resampling.BOX)
        return _stretched(np.asarray(small, np.float32)).convert("RGB")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _stretched(values: NDArray[np.float32]) -> Image.Image:
    """Return a grey image from the lowest value, black, to the highest, white."""
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    low, high = values.min(), values.max()
    return Image.fromarray(((values - low) / max(high - low, 1e-9) * 255).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")
