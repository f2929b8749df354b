from __future__ import annotations

from types import SimpleNamespace

import pytest

from gridpress.benchmark import load
from gridpress.benchmark.load import LoadWatch, foreign_load


@pytest.fixture
def clock(monkeypatch):
    """A machine of 4 cores whose clocks the test sets: seconds, busy seconds of all cores, own seconds."""
    now = SimpleNamespace(wall=0.0, busy=0.0, own=0.0)
    times = SimpleNamespace
    monkeypatch.setattr(load.time, "monotonic", lambda: now.wall)
    monkeypatch.setattr(load.psutil, "cpu_count", lambda: 4)
    monkeypatch.setattr(
        load.psutil, "cpu_times", lambda: times(user=now.busy - 1, system=0.5, steal=0.5, idle=99)
    )
    own = lambda: times(user=now.own, system=0, children_user=0, children_system=0)  # noqa: E731
    monkeypatch.setattr(load.psutil, "Process", lambda: SimpleNamespace(cpu_times=own))
    return now


def test_own_work_is_no_foreign_load(clock):
    watch = LoadWatch()
    clock.wall, clock.busy, clock.own = 10.0, 20.0, 20.0
    assert watch.foreign_share() == 0


def test_foreign_share_counts_all_cores_since_the_last_look(clock):
    watch = LoadWatch()
    clock.wall, clock.busy, clock.own = 10.0, 30.0, 10.0
    assert watch.foreign_share() == 0.5
    clock.wall, clock.busy, clock.own = 20.0, 40.0, 20.0
    assert watch.foreign_share() == 0


@pytest.mark.parametrize(
    ("before", "during", "heavy"),
    [(0.01, [0.02, 0.03], False), (0.3, [0.0, 0.0], True), (0.0, [0.0, 0.5], True), (0.0, [], False)],
)
def test_heavy_load_is_called_so(before, during, heavy):
    found = foreign_load(before, during, None)
    assert found.heavy is heavy
    assert found.during == during


def test_the_idle_look_sees_what_others_did_meanwhile(clock, monkeypatch):
    def sleep(seconds):
        clock.wall += seconds
        clock.busy += 2 * seconds  # of 4 cores

    monkeypatch.setattr(load.time, "sleep", sleep)
    assert LoadWatch.while_idle() == 0.5
