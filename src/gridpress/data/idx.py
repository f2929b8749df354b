"""The IDX format of MNIST: a magic number, the size of each dimension, then the values.

Source: "The MNIST database of handwritten digits", section "File formats" (LeCun, Cortes, Burges).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.errors import GridpressError

UNSIGNED_BYTE, SHORT = 0x08, 0x0B
TYPES = {UNSIGNED_BYTE: (">u1", "unsigned bytes"), SHORT: (">i2", "16-bit integers")}


def parse(
    content: bytes, shape: tuple[int | None, ...], name: str, kind: int = UNSIGNED_BYTE
) -> NDArray[Any]:
    """The values of a decompressed IDX file.

    Args:
        content: the whole file.
        shape: the size that each dimension must have; None where any will do.
        name: what messages call the file.
        kind: of its values, by the code of the format.

    Returns:
        A read-only array of uint8, or of big-endian int16, with as many dimensions as `shape`.

    Raises:
        GridpressError: another magic number, other dimensions, too few or too many bytes.
    """
    dtype, words = TYPES[kind]
    magic = bytes([0, 0, kind, len(shape)])
    if content[:4] != magic:
        raise GridpressError(
            f"{name}: expected the magic number {magic.hex()} ({words}, {len(shape)} dimensions), "
            f"found {content[:4].hex() or 'an empty file'}"
        )
    begin = 4 * (1 + len(shape))
    if len(content) < begin:
        raise GridpressError(f"{name}: expected a header of {begin} bytes, found {len(content)}")
    sizes = tuple(int(size) for size in np.frombuffer(content, ">u4", len(shape), offset=4))
    if any(wanted not in (None, size) for wanted, size in zip(shape, sizes, strict=True)):
        raise GridpressError(f"{name}: expected dimensions {_shown(shape)}, found {_shown(sizes)}")
    expected = begin + math.prod(sizes) * np.dtype(dtype).itemsize
    if len(content) != expected:
        raise GridpressError(
            f"{name}: expected {expected} bytes for dimensions {_shown(sizes)}, found {len(content)}"
        )
    return np.frombuffer(content, dtype, offset=begin).reshape(sizes)


def header(shape: Sequence[int], kind: int = UNSIGNED_BYTE) -> bytes:
    """What an IDX file of such dimensions begins with."""
    return bytes([0, 0, kind, len(shape)]) + np.array(shape, ">u4").tobytes()


def _shown(sizes: tuple[int | None, ...]) -> str:
    return " x ".join("any" if size is None else str(size) for size in sizes)
