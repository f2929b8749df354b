from __future__ import annotations

import threading
import time

import pytest

from gridpress.system.clock import clock_for, read


@pytest.mark.parametrize(("device", "threads"), [("cpu", 2), ("cuda", 1), ("mps", 1)])
def test_what_more_than_one_thread_computes_is_timed_by_the_wall_clock(device, threads):
    assert clock_for(device, threads) == "wall"


def test_the_time_of_one_thread_leaves_out_waiting_and_what_others_compute():
    clock = clock_for("cpu", 1)
    stop = threading.Event()

    def compute():
        while not stop.is_set():
            sum(range(1000))

    other = threading.Thread(target=compute)
    before, wall = read(clock), read("wall")
    other.start()
    time.sleep(0.3)
    stop.set()
    other.join()
    assert clock == "processor"
    assert read("wall") - wall >= 0.3
    assert read(clock) - before < 0.15
