"""Images of a dataset, as a figure draws them."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

# How `imshow` draws an image of one channel; one of three is drawn in its colours.
GREY: dict[str, Any] = {"cmap": "gray", "vmin": 0, "vmax": 255}


def picture(pixels: str, shape: tuple[int, int, int]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """uint8 [H, W], or [H, W, C] of colours, from the base64 text of an image [C, H, W]."""
    image = np.frombuffer(base64.b64decode(pixels), dtype=np.uint8).reshape(shape)
    return image[0] if len(image) == 1 else image.transpose(1, 2, 0)
