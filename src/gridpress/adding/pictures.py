"""One picture file, brought to the size and the channels in which a dataset is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from gridpress.adding.unpacked import reason
from gridpress.errors import InputError
from gridpress.messages import one_line

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
GREY = {"1", "L", "LA", "I", "I;16", "I;16B", "I;16L"}  # modes of Pillow
TURNED = {5, 6, 7, 8}  # EXIF orientations in which height and width are exchanged
MOST_PIXELS = 89_478_485  # from which on Pillow takes a picture for a decompression bomb
WHITE = (255, 255, 255, 255)

Fit = Literal["crop", "pad", "stretch"]


class Look(NamedTuple):
    """What the beginning of a file says: size in pixels as it is seen, and whether it has colours."""

    height: int
    width: int
    colour: bool


class Form(NamedTuple):
    """How images are stored: height, width, 1 or 3 channels, and how other shapes are fitted."""

    height: int
    width: int
    channels: int
    fit: Fit


def look(path: Path) -> Look:
    """The size and kind of a picture, without its pixels; raises InputError where it is none."""
    with _opened(path) as image:
        width, height = image.size
        # Pillow turns TIFF files by itself
        if image.format != "TIFF" and image.getexif().get(ExifTags.Base.Orientation) in TURNED:
            width, height = height, width
        return Look(height, width, image.mode not in GREY and not _grey_palette(image))


def pixels(path: Path, form: Form) -> NDArray[np.uint8]:
    """A picture as it is seen, uint8 [height, width] or [height, width, 3].

    Turned as its EXIF orientation says; transparent parts lie on white; of 16 bits the upper 8 are kept; of
    several frames the first. Larger and smaller ones are resampled (Lanczos): `crop` covers the size and
    cuts what is beyond, equally at both ends; `pad` fits within it, with black beside; `stretch` is neither.

    Raises:
        InputError: it cannot be read; names it.
    """
    with _opened(path) as image:
        size = (form.width, form.height)
        image.draft(None, (2 * max(size), 2 * max(size)))  # JPEG: no larger than is needed to resample
        seen = _eight_bits(ImageOps.exif_transpose(image))
        flat = _on_white(seen).convert("L" if form.channels == 1 else "RGB")
        if flat.size != size:
            match form.fit:
                case "crop":
                    flat = ImageOps.fit(flat, size, Image.Resampling.LANCZOS)
                case "pad":
                    flat = ImageOps.pad(flat, size, Image.Resampling.LANCZOS)
                case "stretch":
                    flat = flat.resize(size, Image.Resampling.LANCZOS)
        return np.asarray(flat, np.uint8)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            yield image
    except Exception as error:  # noqa: BLE001  # decoders trip over broken files in every way there is
        raise InputError(f"cannot read {one_line(str(path))}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return f"it is no picture of a kind that is known ({', '.join(FORMATS)})"
    if isinstance(error, Image.DecompressionBombError):
        return f"it has more than {MOST_PIXELS} pixels"
    return reason(error)


def _grey_palette(image: Image.Image) -> bool:
    palette = image.getpalette() if image.mode == "P" else None
    return palette is not None and bool((np.ptp(np.reshape(palette, (-1, 3)), axis=1) == 0).all())


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("its pixels are fractions; save it with 8 bits")
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).clip(0, 65535) >> 8).astype(np.uint8))
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, WHITE), seen).convert("RGB")
