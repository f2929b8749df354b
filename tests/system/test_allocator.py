from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

CODE = """
import resource
import numpy as np
from gridpress.system.allocator import keep_freed_memory
if {keep}:
    keep_freed_memory()
for turn in range(9):
    np.ones(40_000_000 // 8).sum()  # 40 MB, touched and freed
    if turn == 1:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"),
    reason="the operating system has another C library than glibc",
)
def test_what_is_freed_is_not_touched_anew():
    def faults(*, keep):
        done = subprocess.run(
            [sys.executable, "-c", CODE.format(keep=keep)], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert faults(keep=True) < 0.1 * faults(keep=False)
