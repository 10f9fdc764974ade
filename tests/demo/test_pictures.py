"""Files as people have them, made by Pillow: each gives the right pixels or a sentence."""

import io
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image

from demo import pictures
from demo.pictures import PictureError, read_picture
from tests.demo.files import BLUE, RED, halves, noise, saved

# Left to right within a row of what the models see, clear of the border between the halves.
LEFT, RIGHT = np.s_[:, :12], np.s_[:, 20:]


def colours(seen, *places):
    return [tuple(np.median(seen[place].reshape(-1, 3), axis=0)) for place in places]


def close(found, expected, tolerance=3):
    np.testing.assert_allclose(np.array(found), np.array(expected), atol=tolerance)


@pytest.mark.parametrize(
    ("form", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("JPEG", {"quality": 95}, 6),
        ("GIF", {}, 3),
        ("WEBP", {"lossless": True}, 0),
        ("BMP", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("AVIF", {"quality": 95}, 12),
    ],
)
def test_each_format_keeps_its_colours(form, options, tolerance):
    picture = read_picture(saved(halves(), form, **options))
    assert picture.seen.shape == (32, 32, 3)
    assert picture.seen.dtype == np.uint8
    close(colours(picture.seen, LEFT, RIGHT), [RED, BLUE], tolerance)


def test_the_square_is_from_the_middle():
    image = Image.new("RGB", (300, 100), "black")
    image.paste("white", (100, 0, 200, 100))
    assert read_picture(saved(image, "PNG")).seen.min() == 255
    assert read_picture(saved(image.transpose(Image.Transpose.ROTATE_90), "PNG")).seen.min() == 255


def test_it_is_scaled_by_means_and_not_by_picking_pixels():
    # A fine chequerboard is grey from afar; picked pixels would be black or white.
    board = np.indices((320, 320)).sum(axis=0) % 2 * 255
    seen = read_picture(saved(Image.fromarray(board.astype(np.uint8)), "PNG")).seen
    assert np.abs(seen.astype(int) - 127).max() < 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_a_picture_upright(orientation):
    # What a viewer must do to the stored pixels, by the EXIF standard; here its inverse.
    stored = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    corner = np.zeros((64, 64, 3), np.uint8)
    corner[:16, :32] = 255  # neither symmetric nor its own transpose
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turned = Image.fromarray(np.ascontiguousarray(stored(corner)))
    for form, options in (("PNG", {}), ("JPEG", {"quality": 95}), ("TIFF", {})):
        seen = read_picture(saved(turned, form, exif=exif, **options)).seen
        assert seen[:7, :15].min() > 240
        assert seen[9:].max() < 15
        assert seen[:, 17:].max() < 15


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode):
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 32, 64))
    options = {}
    if mode == "P":
        image, options = Image.new("P", (64, 64), 1), {"transparency": 1}
        image.putpalette([0, 0, 0, 255, 0, 0])
        image.paste(0, (0, 0, 32, 64))
    else:
        image = image.convert(mode)
    seen = read_picture(saved(image, "PNG", **options)).seen
    close(colours(seen, LEFT, RIGHT), [(0, 0, 0), (255, 255, 255)], 0)


def test_half_transparent_colours_are_mixed_with_white():
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 128))
    close(colours(read_picture(saved(image, "PNG")).seen, LEFT), [(255, 127, 127)], 1)


def test_cmyk_grey_and_black_and_white():
    cmyk = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    close(colours(read_picture(saved(cmyk, "TIFF")).seen, LEFT), [(255, 0, 0)], 3)
    jpeg = read_picture(saved(cmyk, "JPEG", quality=95))
    close(colours(jpeg.seen, LEFT), [(255, 0, 0)], 6)
    grey = Image.new("L", (40, 40), 77)
    close(colours(read_picture(saved(grey, "PNG")).seen, LEFT), [(77, 77, 77)], 0)
    assert read_picture(saved(Image.new("1", (40, 40), 1), "PNG")).seen.min() == 255


def test_sixteen_bits_and_floats():
    ramp = np.repeat(np.linspace(0, 65535, 64, dtype=np.uint16)[np.newaxis], 64, axis=0)
    for form in ("PNG", "TIFF"):
        seen = read_picture(saved(Image.fromarray(ramp), form)).seen[16, :, 0].astype(int)
        np.testing.assert_allclose(seen, np.linspace(2, 253, 32), atol=3)
    floats = np.linspace(-3, 9, 64, dtype=np.float32)[np.newaxis].repeat(64, axis=0)
    floats[0, 0] = np.nan
    seen = read_picture(saved(Image.fromarray(floats), "TIFF")).seen[16, :, 0].astype(int)
    np.testing.assert_allclose(seen, np.linspace(2, 253, 32), atol=3)
    flat = Image.new("F", (8, 8), 0.5)
    assert np.ptp(read_picture(saved(flat, "TIFF")).seen) == 0


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGB", (40, 40), colour) for colour in (RED, BLUE, "white")]
    for form in ("GIF", "PNG", "WEBP"):
        options = {"lossless": True} if form == "WEBP" else {}
        content = saved(frames[0], form, save_all=True, append_images=frames[1:], **options)
        close(colours(read_picture(content).seen, LEFT), [RED], 3)


def test_small_and_large_pictures_are_shown_as_they_are_up_to_a_size():
    assert read_picture(saved(halves(1, 1), "PNG")).shown.size == (1, 1)
    assert read_picture(saved(halves(70, 50), "PNG")).shown.size == (50, 50)
    large = read_picture(saved(halves(4000, 3000), "JPEG"))
    assert large.shown.size == (pictures.SHOWN_SIDE, pictures.SHOWN_SIDE)
    close(colours(large.seen, LEFT, RIGHT), [RED, BLUE], 6)


def header(width, height):
    """A PNG of a few bytes that says to have that size."""
    content = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    return bytes(content)


PNG = saved(noise(), "PNG")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"no picture at all\n", "not a picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture that can be read"),
        (PNG[: len(PNG) // 2], "damaged, cut off"),
        (PNG[:40], "not a picture that can|damaged, cut off"),
        (saved(noise(), "JPEG")[:1500], "damaged, cut off"),
        (saved(noise(), "WEBP")[:900], "not a picture that can|damaged, cut off"),
        (PNG[:200] + bytes(50) + PNG[250:], "damaged, cut off"),
        (header(20_000, 20_000), r"at most 50 million pixels"),
        (header(10_000, 9_000), r"at most 50 million pixels.*Received: 10,000 x 9,000"),
        (header(2**31 - 1, 2**31 - 1), "at most 50 million pixels"),
        (bytes(pictures.MOST_BYTES + 1), r"at most 10 MB are read\. Received: 10\.0 MB"),
    ],
)
def test_what_is_no_picture_gives_a_sentence(content, words):
    with pytest.raises(PictureError, match=words) as error:
        read_picture(content)
    assert str(error.value).endswith(".")


def test_a_real_picture_of_400_million_pixels_is_refused_before_it_is_decoded():
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    with pytest.raises(PictureError, match="at most 50 million pixels"):
        read_picture(buffer.getvalue())
