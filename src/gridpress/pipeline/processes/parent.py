"""A process that ends when the one that started it does, in whatever way that happened."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import NoReturn

import psutil

POLL = 0.3  # seconds between two looks whether the starter is still there


def end_with_starter(variable: str, value: str) -> bool:
    """End this process, and all below it, as soon as its starter is gone; False if it is gone already.

    Between the starter and this process there may be a shell: the starter gives both an environment in which
    `variable` is `value`, and has another one itself.
    """
    child = _child_of_starter(variable, value)
    if child is None:
        return False
    threading.Thread(target=_end_with, args=(child, child.ppid()), daemon=True).start()
    return True


def kill_descendants() -> None:
    """Kill every process below this one, at once."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _child_of_starter(variable: str, value: str) -> psutil.Process | None:
    """The starter's child that this process is or descends from; None if the starter is gone.

    Orphans are adopted by a process outside of their process group.
    """
    here = psutil.Process()
    for parent in here.parents():
        if _environment(parent).get(variable) != value:
            return here if _is_in_our_group(parent.pid) else None
        here = parent
    return None


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        found: dict[str, str] = process.environ()
    except psutil.Error:
        return {}
    return found


def _is_in_our_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == os.getpgrp()
    except OSError:
        return False


def _end_with(child: psutil.Process, starter: int) -> NoReturn:
    with suppress(psutil.NoSuchProcess):
        while child.ppid() == starter:
            time.sleep(POLL)
    kill_descendants()
    os._exit(1)
