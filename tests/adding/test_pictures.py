"""A picture is stored as a person sees it, whatever its format; one that cannot be read is named."""

from __future__ import annotations

import re
import struct
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from adding.conftest import noise, save
from gridpress.adding.pictures import Form, Look, look, pixels
from gridpress.errors import InputError

GREY, COLOUR = noise(12, 10), noise(12, 10, 3)
LOSSLESS = {"png": {}, "bmp": {}, "tif": {}, "TIFF": {}, "webp": {"lossless": True}}


def stored(path, height=12, width=10, channels=3, fit="crop"):
    return pixels(path, Form(height, width, channels, fit))


@pytest.mark.parametrize("ending", LOSSLESS)
def test_colours_are_those_of_the_file(tmp_path, ending):
    path = save(tmp_path / f"x.{ending}", COLOUR, **LOSSLESS[ending])
    assert look(path) == Look(12, 10, colour=True)
    assert np.array_equal(stored(path), COLOUR)


@pytest.mark.parametrize("ending", ["png", "bmp", "tif"])
def test_grey_values_are_those_of_the_file(tmp_path, ending):
    path = save(tmp_path / f"x.{ending}", GREY)
    assert look(path) == Look(12, 10, colour=False)
    assert np.array_equal(stored(path, channels=1), GREY)


@pytest.mark.parametrize("ending", ["jpg", "JPEG", "webp"])
def test_compressed_pictures_are_as_their_decoder_gives_them(tmp_path, ending):
    smooth = np.tile(np.arange(0, 200, 20, dtype=np.uint8), (12, 1))
    path = save(tmp_path / f"x.{ending}", np.stack([smooth] * 3, 2), quality=95)
    assert look(path) == Look(12, 10, colour=True)
    assert np.array_equal(stored(path), np.asarray(Image.open(path).convert("RGB")))
    assert np.abs(stored(path).astype(int) - smooth[:, :, None]).max() < 12


def test_the_content_decides_not_the_ending(tmp_path):
    path = save(tmp_path / "x.png", GREY).rename(tmp_path / "x.jpg")
    assert np.array_equal(stored(path, channels=1), GREY)


TURNS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a[::-1].swapaxes(0, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a[:, ::-1].swapaxes(0, 1),
}


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("ending", ["png", "tif", "webp"])
def test_pictures_are_turned_as_their_exif_orientation_says(tmp_path, orientation, ending):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = save(tmp_path / f"x.{ending}", COLOUR, exif=exif, **LOSSLESS[ending])
    upright = TURNS[orientation](COLOUR)
    assert look(path)[:2] == upright.shape[:2]
    assert np.array_equal(stored(path, *upright.shape[:2]), upright)


@pytest.mark.parametrize(
    ("mode", "colour"), [("1", False), ("L", False), ("RGB", True), ("CMYK", True), ("YCbCr", True)]
)
def test_every_mode_is_grey_or_colour(tmp_path, mode, colour):
    image = Image.fromarray(COLOUR).convert(mode)
    path = save(tmp_path / "x.tif", image)
    assert look(path).colour is colour
    wanted = "RGB" if colour else "L"
    assert np.array_equal(stored(path, channels=3 if colour else 1), np.asarray(image.convert(wanted)))


def test_one_bit_is_black_and_white(tmp_path):
    path = save(tmp_path / "x.png", Image.fromarray(GREY > 127))
    assert np.array_equal(stored(path, channels=1), np.where(GREY > 127, 255, 0))


def test_ink_is_dark(tmp_path):
    ink = Image.new("CMYK", (10, 12), (0, 255, 255, 0))
    assert stored(save(tmp_path / "x.jpg", ink, quality=95))[0, 0].tolist() == pytest.approx(
        [255, 0, 0], abs=6
    )


def test_a_palette_of_colours_is_colour_and_one_of_greys_is_grey(tmp_path):
    few = (COLOUR // 64) * 64
    coloured = save(
        tmp_path / "colour.png", Image.fromarray(few).convert("P", palette=Image.Palette.ADAPTIVE)
    )
    assert look(coloured).colour
    assert np.array_equal(stored(coloured), np.asarray(Image.open(coloured).convert("RGB")))
    image = Image.fromarray(GREY, "L").convert("P")
    image.putpalette([255 - value for value in range(256) for _ in range(3)])
    grey = save(tmp_path / "grey.png", image)
    assert not look(grey).colour
    assert np.array_equal(stored(grey, channels=1), 255 - GREY)


def test_transparent_parts_lie_on_white(tmp_path):
    alpha = np.full((12, 10), 255, np.uint8)
    alpha[:6] = 0
    colour = save(tmp_path / "colour.png", np.dstack([COLOUR, alpha]))
    assert (stored(colour)[:6] == 255).all()
    assert np.array_equal(stored(colour)[6:], COLOUR[6:])
    grey = save(tmp_path / "grey.png", Image.fromarray(np.dstack([GREY, alpha]), "LA"))
    assert not look(grey).colour
    assert (stored(grey, channels=1)[:6] == 255).all()
    assert np.array_equal(stored(grey, channels=1)[6:], GREY[6:])


def test_a_transparent_entry_of_a_palette_lies_on_white(tmp_path):
    image = Image.new("P", (10, 12), 1)
    image.putpalette([10, 20, 30, 40, 50, 60])
    path = save(tmp_path / "x.png", image, transparency=1)
    assert (stored(path) == 255).all()


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_of_16_bits_the_upper_8_are_kept(tmp_path, ending):
    values = np.random.default_rng(0).integers(0, 65536, (12, 10), np.uint16)
    path = save(tmp_path / f"x.{ending}", values)
    assert look(path) == Look(12, 10, colour=False)
    assert np.array_equal(stored(path, channels=1), values >> 8)


def test_of_16_bits_a_colour_the_upper_8_are_kept(tmp_path):
    values = np.random.default_rng(0).integers(0, 65536, (12, 10, 3), np.uint16)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", 10, 12, 16, 2, 0, 0, 0)
    path = tmp_path / "x.png"
    path.write_bytes(png((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")))
    assert look(path) == Look(12, 10, colour=True)
    assert np.array_equal(stored(path), values >> 8)


@pytest.mark.parametrize("ending", ["png", "tif", "webp"])
def test_of_several_frames_the_first_is_taken(tmp_path, ending):
    later = [Image.fromarray(noise(12, 10, 3, seed=seed)) for seed in (1, 2)]
    path = save(tmp_path / f"x.{ending}", COLOUR, save_all=True, append_images=later, **LOSSLESS[ending])
    assert Image.open(path).n_frames == 3
    assert np.array_equal(stored(path), COLOUR)


BARS = np.repeat(np.array([50, 100, 150, 200], np.uint8), 8)[None].repeat(16, 0)  # 16 high, 32 wide


def test_crop_cuts_what_is_beyond_at_both_ends(tmp_path):
    found = stored(save(tmp_path / "x.png", BARS), 16, 16, 1, "crop")
    assert np.array_equal(found, BARS[:, 8:24])


def test_pad_puts_black_beside(tmp_path):
    found = stored(save(tmp_path / "x.png", BARS), 32, 32, 1, "pad")
    assert (found[:8] == 0).all()
    assert (found[24:] == 0).all()
    assert np.array_equal(found[8:24], BARS)


def test_stretch_keeps_everything_and_fills_the_size(tmp_path):
    found = stored(save(tmp_path / "x.png", BARS), 16, 16, 1, "stretch")
    assert found[8, [1, 6, 10, 14]].tolist() == pytest.approx([50, 100, 150, 200], abs=8)


def test_small_pictures_are_enlarged(tmp_path):
    found = stored(save(tmp_path / "x.png", np.full((4, 4), 99, np.uint8)), 16, 16, 1)
    assert (found == 99).all()


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize(("height", "width"), [(1, 5000), (5000, 1)])
def test_a_line_fits_any_size(tmp_path, fit, height, width):
    path = save(tmp_path / "x.png", np.full((height, width), 99, np.uint8))
    assert stored(path, 8, 8, 1, fit).shape == (8, 8)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_a_large_jpeg_is_nearly_what_its_full_size_gives(tmp_path, orientation, fit):
    wave = (np.sin(np.arange(1600)[:, None] / 120) + np.sin(np.arange(400)[None] * (np.pi / 8))) / 2
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = save(tmp_path / "x.jpg", (wave * 100 + 128).astype(np.uint8), quality=95, exif=exif)
    whole = ImageOps.exif_transpose(Image.open(path))
    form = (24, 80) if orientation == 1 else (80, 24)
    fitted = {
        "crop": lambda: ImageOps.fit(whole, form[::-1], Image.Resampling.LANCZOS),
        "pad": lambda: ImageOps.pad(whole, form[::-1], Image.Resampling.LANCZOS),
        "stretch": lambda: whole.resize(form[::-1], Image.Resampling.LANCZOS),
    }[fit]()
    assert np.abs(stored(path, *form, 1, fit).astype(int) - np.asarray(fitted).astype(int)).max() < 12


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG file of these chunks, whatever they hold."""
    whole = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(whole)


def bomb(side: int) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return png((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1 << 20))), (b"IEND", b""))


@pytest.mark.parametrize("side", [10_000, 50_000])
@pytest.mark.hostile
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_decompression_bomb_is_refused(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(side))
    for read in (look, stored):
        with pytest.raises(InputError, match=r"bomb.png: it has more than 89478485 pixels"):
            read(path)


def test_a_picture_of_fractions_is_refused(tmp_path):
    path = save(tmp_path / "x.tif", np.zeros((12, 10), np.float32))
    with pytest.raises(InputError, match=r"x.tif: its pixels are fractions; save it with 8 bits"):
        stored(path)


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "webp"])
@pytest.mark.hostile
def test_a_truncated_picture_is_named(tmp_path, ending):
    path = save(tmp_path / f"x.{ending}", noise(64, 64, 3))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=rf"cannot read {re.escape(str(path))}: .+"):
        stored(path, 64, 64)


@pytest.mark.parametrize("content", [b"", b"text", b"<svg/>", b"GIF89a" + bytes(100)])
@pytest.mark.hostile
def test_what_is_no_picture_of_a_known_kind_is_named(tmp_path, content):
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(
        InputError, match=r"x.png: it is no picture of a kind that is known \(PNG, JPEG, WEBP"
    ):
        look(path)


def test_a_file_that_is_gone_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone.png: No such file"):
        look(tmp_path / "gone.png")
