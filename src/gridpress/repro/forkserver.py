"""Where this machine's workers come from: one process imports torch, once, and they are forked from it.

Nothing else before the first epoch takes as long, so it begins while the data are fetched.
"""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker

import psutil

from gridpress.repro.interrupt import uninterrupted

METHOD = "spawn" if sys.platform == "darwin" else "forkserver"  # Metal does not survive a fork


def begin() -> None:
    """Let the imports begin in a process of its own; the second call does nothing."""
    if METHOD != "forkserver":
        return
    resource_tracker.ensure_running()  # here, as it unblocks the signals that are held back below
    multiprocessing.set_forkserver_preload(["gridpress.repro.imports"])
    with uninterrupted():
        forkserver.ensure_running()


def end() -> None:
    """End that process if there is one. It would end with this one too, but tidy up for two seconds first."""
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            if any("multiprocessing.forkserver" in argument for argument in process.cmdline()):
                process.kill()
