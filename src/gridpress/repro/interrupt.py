"""Ctrl-C and SIGTERM: both end the work at once, but never in the middle of a write."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM unwind the program as Ctrl-C does, with the exit code that the shell expects of it."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():  # only there can handlers be set
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM until the block is done.

    Threads and processes started inside never receive either of them: a terminal sends Ctrl-C to a whole
    process group, and it is for this process to say what becomes of its workers.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
