"""Where this machine's workers come from: one process imports torch, once, and they are forked from it.

Nothing else before the first epoch takes as long, so it begins while the data are fetched.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker

import psutil

from gridpress.errors import GridpressError
from gridpress.pipeline.processes.interrupt import uninterrupted
from gridpress.system.start_method import START_METHOD

LONGEST = 60  # characters of a temporary folder: those of a socket's path are 107, or 103 on macOS
SHORT = "/tmp"  # noqa: S108  # as the operating system has it


def begin() -> None:
    """Let the imports begin in a process of its own; the second call does nothing."""
    shorten_temporary_folder()
    if START_METHOD != "forkserver":
        return
    resource_tracker.ensure_running()  # here, as it unblocks the signals that are held back below
    multiprocessing.set_forkserver_preload(["gridpress.pipeline.repro.preload"])
    with uninterrupted():
        forkserver.ensure_running()


def shorten_temporary_folder() -> None:
    """Leave a TMPDIR in which sockets can lie: the system takes no path of above a hundred characters.

    Raises:
        GridpressError: it is longer, and there is no /tmp to write to.
    """
    if len(os.fsencode(tempfile.gettempdir())) <= LONGEST:
        return
    if not os.access(SHORT, os.W_OK | os.X_OK):
        raise GridpressError(
            f"TMPDIR is {tempfile.gettempdir()}, too long for the sockets of worker processes: name a folder "
            f"of at most {LONGEST} characters, as in `TMPDIR={SHORT} gridpress repro`"
        )
    os.environ["TMPDIR"] = tempfile.tempdir = SHORT


def end() -> None:
    """End that process if there is one. It would end with this one too, but tidy up for two seconds first."""
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            if any("multiprocessing.forkserver" in argument for argument in process.cmdline()):
                process.kill()
