"""Images of a dataset, as a figure draws them."""

from __future__ import annotations

import base64
import textwrap
from typing import Any

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from gridpress.report.presentation import style
from gridpress.report.presentation.markup import visible

NAME_ROOM = 0.85  # of the width of a column, for a line of letters of mean width

# How `imshow` draws an image of one channel; one of three is drawn in its colours.
GREY: dict[str, Any] = {"cmap": "gray", "vmin": 0, "vmax": 255}


def picture(pixels: str, shape: tuple[int, int, int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """uint8 [H, W], or [H, W, C] of colours, from the base64 text of an image [C, H, W]."""
    image = np.frombuffer(base64.b64decode(pixels), dtype=np.uint8).reshape(shape)
    return image[0] if len(image) == 1 else image.transpose(1, 2, 0)


def in_lines(name: str, columns: int, most: int | None = None) -> str:
    """A name in lines that are no longer than a column of the text is wide.

    Args:
        name: of a class.
        columns: how many of them share the width of the text.
        most: lines, of which the last ends in an ellipsis where the name is longer; None for all it takes.
    """
    shown, room = visible(name), NAME_ROOM * 72 * style.TEXT_WIDTH / columns
    width, *_ = text_to_path.get_text_width_height_descent(
        shown, FontProperties(size=style.SMALLEST_SIZE), False
    )
    return textwrap.fill(shown, int(room * len(shown) / width), max_lines=most, placeholder="…")
