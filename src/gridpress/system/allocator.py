"""The C library's memory allocator."""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of mallopt(3)
KEPT = 1 << 29  # bytes


def keep_freed_memory() -> None:
    """Let this process keep blocks that it frees, up to half a GiB, where the C library is glibc.

    glibc gives large blocks back to the system, and the next training step would have to touch new ones
    (benchmarks/NOTES.md). It changes no result.
    """
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "mallopt"):
        for option in (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD):
            library.mallopt(option, KEPT)
