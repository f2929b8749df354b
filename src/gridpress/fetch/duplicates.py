"""Images that are the same to the pixel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

DIGEST = 16  # bytes that tell images apart


def digest(pixels: NDArray[np.uint8]) -> bytes:
    """What two images of one shape have in common only if they are the same to the pixel."""
    return hashlib.blake2b(pixels.tobytes(), digest_size=DIGEST).digest()


def duplicates(digests: Iterable[bytes]) -> list[list[int]]:
    """Indices of images with the same digest, rising, set by set; those without their like are in none."""
    found: dict[bytes, list[int]] = {}
    for index, key in enumerate(digests):
        found.setdefault(key, []).append(index)
    return [indices for indices in found.values() if len(indices) > 1]
