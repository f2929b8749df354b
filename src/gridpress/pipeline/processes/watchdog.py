"""A worker that computes no more although it lives: it ends, so that its run begins again elsewhere.

A worker that is frozen as a whole sends no heartbeat, and Dask gives its run to another. But a computation
can wait for ever, for a driver or a disk, while the worker's event loop goes on. Such a thread uses no
processor time. A thread that computes for ever cannot be told from one that computes for long.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOOK = 30.0  # seconds between two looks
LOOKS = 20  # in a row without work: stuck
WORK = 0.01  # seconds of processor time between two looks that count as work


@contextmanager
def ended_if_stuck(look: float = LOOK, looks: int = LOOKS) -> Iterator[None]:
    """End this process at once if this thread does nothing for `looks` looks, `look` seconds apart, in a row.

    Looks and not seconds are counted, as a machine or process that was suspended has done nothing for long.
    """
    if not hasattr(time, "pthread_getcpuclockid"):  # as on macOS
        yield
        return
    clock = time.pthread_getcpuclockid(threading.get_ident())
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(clock, done, look, looks), daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()  # the clock ends with the thread that it measures


def _watch(clock: int, done: threading.Event, look: float, looks: int) -> None:
    idle, before = 0, time.clock_gettime(clock)
    while not done.wait(look):
        now = time.clock_gettime(clock)
        idle = idle + 1 if now - before < WORK else 0
        before = now
        if idle == looks:
            os._exit(1)
