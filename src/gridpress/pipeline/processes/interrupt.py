"""Ctrl-C and SIGTERM: both end the work at once, but never in the middle of a write."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = {signal.SIGINT, signal.SIGTERM}


class _Held:
    """What arrived while it had to wait.

    Blocking the signals is not enough: the operating system then gives them to another thread, and Python
    calls the handler in the main thread all the same.
    """

    depth = 0
    number: int | None = None


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM unwind the program as Ctrl-C does, with the exit code that the shell expects of it."""
    if threading.current_thread() is not threading.main_thread():  # only there can handlers be set
        yield
        return
    before = {number: signal.signal(number, _stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C and SIGTERM until the block is done; inside of `terminable`, in the main thread.

    Threads and processes started inside never receive either of them: a terminal sends Ctrl-C to a whole
    process group, and it is for this process to say what becomes of its workers.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    _Held.depth += 1
    try:
        yield
    finally:
        _Held.depth -= 1
        number, _Held.number = _Held.number, None
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if number is not None:
            _stop(number, None)


def _stop(number: int, _frame: FrameType | None) -> None:
    if _Held.depth:
        _Held.number = number
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        raise SystemExit(128 + number)
