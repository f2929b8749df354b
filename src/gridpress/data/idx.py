"""The IDX format of MNIST: a magic number, the size of each dimension, then the values.

Source: "The MNIST database of handwritten digits", section "File formats" (LeCun, Cortes, Burges).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gridpress.errors import GridpressError

UNSIGNED_BYTE = 0x08


def parse(content: bytes, shape: tuple[int | None, ...], name: str) -> NDArray[np.uint8]:
    """The values of a decompressed IDX file of unsigned bytes.

    Args:
        content: the whole file.
        shape: the size that each dimension must have; None where any will do.
        name: what messages call the file.

    Returns:
        A read-only array with as many dimensions as `shape`.

    Raises:
        GridpressError: another magic number, other dimensions, too few or too many bytes.
    """
    magic = bytes([0, 0, UNSIGNED_BYTE, len(shape)])
    if content[:4] != magic:
        raise GridpressError(
            f"{name}: expected the magic number {magic.hex()} (unsigned bytes, {len(shape)} dimensions), "
            f"found {content[:4].hex() or 'an empty file'}"
        )
    header = 4 * (1 + len(shape))
    if len(content) < header:
        raise GridpressError(f"{name}: expected a header of {header} bytes, found {len(content)}")
    sizes = tuple(int(size) for size in np.frombuffer(content, ">u4", len(shape), offset=4))
    if any(wanted not in (None, size) for wanted, size in zip(shape, sizes, strict=True)):
        raise GridpressError(f"{name}: expected dimensions {_shown(shape)}, found {_shown(sizes)}")
    expected = header + math.prod(sizes)
    if len(content) != expected:
        raise GridpressError(
            f"{name}: expected {expected} bytes for dimensions {_shown(sizes)}, found {len(content)}"
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(sizes)


def _shown(sizes: tuple[int | None, ...]) -> str:
    return " x ".join("any" if size is None else str(size) for size in sizes)
