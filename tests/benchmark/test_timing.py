from __future__ import annotations

import gc
import time
from dataclasses import replace
from types import SimpleNamespace

import torch

from gridpress.benchmark import timing
from gridpress.benchmark.cases import grid
from gridpress.benchmark.timing import no_garbage_collection, orders, time_cases
from gridpress.benchmark.workload import Workshop


def test_every_round_holds_every_case_once_in_an_order_of_its_own():
    rounds = list(orders(20, 6, seed=0))
    assert all(sorted(order) == list(range(20)) for order in rounds)
    assert len({tuple(order) for order in rounds}) == 6


def test_the_order_comes_from_the_seed():
    assert list(orders(20, 3, seed=1)) == list(orders(20, 3, seed=1))
    assert list(orders(20, 3, seed=1)) != list(orders(20, 3, seed=2))


def test_cases_are_interleaved_after_the_warm_up(bench, monkeypatch):
    here = bench(optimizers=["sgd", "adam"], warmup_steps=2, settle_steps=1, block_steps=2, blocks=5)
    cases = grid(here.settings, here.targets)
    done = []

    def recorded(workshop, case):
        step = original(workshop, case)
        return replace(step, run=lambda: done.append(case))

    original = Workshop.step
    monkeypatch.setattr(Workshop, "step", recorded)
    blocks, rounds = [], []
    seconds = time_cases(
        here, cases, lambda case, steps: blocks.append((case, steps)), lambda: rounds.append(1)
    )
    assert [steps for _, steps in blocks] == [2] * 3 + [3] * 15
    assert set(done[:6]) == set(cases)
    for number in range(5):
        one_round = done[6 + 9 * number : 15 + 9 * number]
        assert sorted(one_round, key=str) == sorted(cases * 3, key=str)
    assert len(rounds) == 5
    assert all(len(values) == 5 for values in seconds.values())


def test_a_real_step_takes_time_and_trains(bench):
    here = bench(blocks=5)
    cases = grid(here.settings, here.targets)
    seconds = time_cases(here, cases, lambda *_: None, lambda: None)
    assert seconds.keys() == set(cases)
    assert all(value > 0 for values in seconds.values() for value in values)


def test_the_clock_stops_when_the_device_is_done(bench, monkeypatch):
    """On every device alike: a fake one that says when it is waited for."""
    here = bench(optimizers=["sgd"], blocks=5, block_steps=2)
    told = []

    def recorded(workshop, case):
        step = original(workshop, case)
        return replace(step, run=lambda: told.append("step"))

    original, clock = Workshop.step, time.perf_counter
    module = SimpleNamespace(synchronize=lambda: told.append("waited"))
    monkeypatch.setattr(Workshop, "step", recorded)
    monkeypatch.setattr(torch, "get_device_module", lambda _: module)
    monkeypatch.setattr(timing.time, "perf_counter", lambda: (told.append("clock"), clock())[1])
    time_cases(here, grid(here.settings, here.targets)[:1], lambda *_: None, lambda: None)
    warm_up, block = ["step", "waited"], ["step", "waited", "clock", "step", "step", "waited", "clock"]
    assert told == warm_up + 5 * block


def test_optimizer_states_of_one_case_at_a_time_are_in_memory(bench, monkeypatch):
    here = bench(optimizers=["sgd", "adam"], blocks=5)
    steps, held = [], []

    def recorded(workshop, case):
        steps.append(original(workshop, case))
        return replace(steps[-1], run=watched(steps[-1].run))

    def watched(run):
        def work():
            result = run()
            held.append(sum(bool(step.update and step.update.optimizer.state) for step in steps))
            return result

        return work

    original = Workshop.step
    monkeypatch.setattr(Workshop, "step", recorded)
    time_cases(here, grid(here.settings, here.targets), lambda *_: None, lambda: None)
    assert set(held) == {0, 1}  # none at inference


def test_the_collector_is_back_afterwards():
    with no_garbage_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
