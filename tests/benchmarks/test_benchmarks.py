"""What is measured is the same work in both ways, and the records say what was measured."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from benchmarks import __main__ as program
from benchmarks import pipeline, published, training
from benchmarks.results import Comparison, Estimate, Memory, MemoryCase, Repeats, Result, Setup
from conftest import DECLARED, ROOT
from gridpress.benchmark import spread
from gridpress.config.params import load_params
from gridpress.data import loading
from gridpress.data.splits import split
from gridpress.errors import GridpressError
from gridpress.pipeline.smoke import copy_tree
from gridpress.study.grid import TrainRun
from gridpress.study.project import Project
from gridpress.study.records.store import load
from gridpress.training import setup
from gridpress.training.loop import Session

pytestmark = pytest.mark.extended

CASE = MemoryCase(work="", training_images=1, part="", peak_bytes=1, aim_bytes=2)


@pytest.fixture
def both(params, real_data):
    """Begins the published run and ours, on 48 images."""
    images = loading.load(real_data / "mnist", DECLARED["mnist"].format)
    counts = {"train": 48, "train_eval": 10, "validation": 10, "test": 10}
    splits = split(images.labels, replace(params.division("mnist"), samples=counts))

    def begin(optimizer="sgd", size=28):
        settings = params.train.model_copy(update={"channels": 3, "image_size": size, "device": "cpu"})
        run = TrainRun("mnist", "resnet18", 16, optimizer, 0.001, "fp32", "device", "default", 0)
        chosen = getattr(params.optimizers, optimizer)
        ours = setup.Setup(run, settings, params.recipes[run.recipe], chosen)
        theirs = published.Training(ours, real_data / "mnist", splits, images)
        return theirs, Session(ours, images, splits)

    return begin


def test_both_ways_read_the_same_images(both):
    theirs, ours = both()
    index = ours.splits.train
    pixels, labels = next(iter(theirs.loader(index, shuffle=False)))
    torch.testing.assert_close(pixels, ours.pipeline(ours.pixels[index[:16]]), rtol=0, atol=1e-4)
    assert torch.equal(labels, ours.labels[index[:16]])
    every = torch.cat([labels for _, labels in theirs.loader(index, shuffle=True)])
    assert sorted(every.tolist()) == sorted(ours.labels[index].tolist())


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_both_ways_train_the_same_network_with_the_same_steps(both, optimizer):
    theirs, ours = both(optimizer)
    pixels, labels = next(iter(theirs.loader(ours.splits.train, shuffle=False)))
    losses = []
    for model, update in ((theirs.model, theirs.optimizer), (ours.model, ours.optimizer)):
        losses.append([])
        for _ in range(2):
            update.zero_grad()
            loss = functional.cross_entropy(model(pixels), labels)
            loss.backward()
            update.step()
            losses[-1].append(loss.item())
    assert losses[0][1] < losses[0][0]
    assert losses[1][0] == pytest.approx(losses[0][0], rel=1e-4)
    assert losses[1][1] == pytest.approx(losses[0][1], rel=1e-2)  # Adam divides small gradients by their size


def test_the_published_loop_trains_and_calls_back_after_every_step(both):
    theirs, _ = both()
    steps = []
    first = theirs.train_epoch(lambda: steps.append(1))
    assert len(steps) == 3
    assert theirs.train_epoch(lambda: None) < first
    assert 0 <= theirs.accuracy(theirs.splits.test) <= 1


def test_flops_count_every_stored_kernel_and_leave_the_network_alone():
    model = nn.Sequential(nn.Conv2d(3, 5, kernel_size=3, bias=False))
    before = model[0].weight.clone()
    positions = training.BATCH_SIZE * 6 * 6
    assert training.step_flops(model, 8) == 2 * (2 * positions * 3 * 5 * 9)  # forward, and of the weights
    assert torch.equal(model[0].weight, before)
    assert model[0].weight.grad is None


class Link:
    """The process at the other end: tells to go so often, then is gone."""

    def __init__(self, times):
        self.times, self.sent = times, []

    def recv(self):
        if self.times == 0:
            raise EOFError
        self.times -= 1

    def send(self, value):
        self.sent.append(value)


def test_a_loop_that_has_its_turn_times_only_the_steps_after_those_prepared_in_the_pause():
    link = Link(2)
    after_step = training.turns(link, training.Size((), 1, 1, seconds=0, steps=3), flops=7)
    steps = 0
    with suppress(EOFError):
        for _ in after_step:
            steps += 1
    assert steps == training.WARM_UP + 2 * (training.SETTLE + 3)
    assert link.sent[0] == 7
    assert len(link.sent) == 3


def test_an_interval_is_given_from_five_repeats_on():
    assert Repeats.of([1.0, 2.0, 9.0]).median == Estimate(value=2.0, low=None, high=None)
    five = Repeats.of([1.0, 2.0, 3.0, 4.0, 5.0]).median
    assert (five.value, five.low, five.high) == spread.median([1.0, 2.0, 3.0, 4.0, 5.0])
    assert five.low < five.value < five.high


def test_a_ratio_above_one_means_that_ours_is_faster():
    assert Comparison.of_rates(published=[100.0], ours=[200.0]).ratio.value == 2
    assert Comparison.of_seconds(published=[30.0], ours=[10.0]).ratio.value == 3


def test_the_cost_of_a_stage_is_what_more_stages_add_beyond_their_computation():
    command = pipeline.Command("dvc repro", 2, 10)
    few, many = (command, 2), (command, 10)
    study = SimpleNamespace(runs=58)
    seconds = {few: [5 + 2 * 0.3 + 2.0], many: [5 + 10 * 0.3 + 10.0]}
    cost = pipeline.cost(study, command, seconds, {few: [2.0], many: [10.0]})
    assert cost.per_stage.median.value == pytest.approx(0.3)
    assert cost.start.median.value == pytest.approx(5)


def test_what_was_measured_before_a_benchmark_failed_is_kept(tmp_path, monkeypatch):
    def measure(_setup):
        yield Memory(cases=[CASE])
        raise GridpressError("no more")

    def fail(_name):
        return SimpleNamespace(measure=measure)

    monkeypatch.setattr(program, "import_module", fail)
    with pytest.raises(GridpressError):
        program.run("memory", Setup(Project(ROOT)), tmp_path / "memory.json")
    kept = load(Result, tmp_path / "memory.json")
    assert kept.measured.cases == [CASE]
    assert not kept.finished


def test_an_unknown_benchmark_is_named_with_those_that_are(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "trainings"])
    with pytest.raises(SystemExit, match="2"):
        program.main()
    assert (
        "'trainings'; there are training, svm, grid, curves, adding, pipeline, memory"
        in capsys.readouterr().err
    )


def test_all_of_them_run_at_toy_size_and_leave_their_records(tmp_path, real_data):
    study = Project(tmp_path / "study")
    copy_tree(Project(ROOT), study)
    study.raw("").symlink_to(real_data, target_is_directory=True)
    before = git(study)
    halves = [start(study, "training", "svm", "memory", "adding"), start(study, "grid", "curves", "pipeline")]
    printed = ""
    for process in halves:
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        printed += output
    assert git(study) == before
    results = study.scratch / "benchmarks" / "results"
    found = {name: load(Result, results / f"{name}.json") for name in program.NAMES}
    for name, result in found.items():
        assert result.measured.benchmark == name
        assert (result.quick, result.finished) == (True, True)
        assert f"{name}: " in printed
    numbers = list(numbers_in([json.loads(path.read_text()) for path in results.glob("*.json")]))
    assert all(math.isfinite(number) for number in numbers)

    (case,) = found["training"].measured.cases
    assert len(case.images_per_second.ours.values) == len(case.images_per_second.published.values) == 2
    assert case.flops_per_step["ours"] < case.flops_per_step["published"]

    curves = found["curves"].measured
    assert (curves.runs, curves.training_images) == (4, [196, 392])
    assert curves.speedup.value > 0

    added = found["adding"].measured
    assert [case.files for case in added.cases] == [40, 20]
    assert all(case.seconds.ratio.value > 0 for case in added.cases)

    (size,) = found["svm"].measured.sizes
    assert len(size.cases) == 13
    assert all(svm.equal_predictions >= 0.98 for svm in size.cases)
    together = np.sum([svm.seconds.ours.values for svm in size.cases], axis=0)
    np.testing.assert_allclose(size.seconds.ours.values, together, rtol=1e-4)

    (grid,) = found["grid"].measured.cases
    assert (grid.name, grid.training_runs, grid.svms) == ("toy", 1, 1)
    assert grid.speedup.value == pytest.approx(grid.one_job.values[0] / grid.seconds.ours.values[0], rel=0.01)

    costs = found["pipeline"].measured
    assert [(cost.command, cost.few.stages, cost.many.stages) for cost in costs.per_stage] == [
        ("dvc repro", 0, 1)
    ]
    params = load_params(study.params)
    runs = 2 + len(params.baseline.configs)
    besides = 2 + len(params.hardware.machines) + 3  # data, network, machines, summary, final and report
    assert [(state.runs, state.stages) for state in costs.up_to_date] == [(runs, runs + besides)]

    (worker,) = found["memory"].measured.cases
    assert worker.peak_bytes > 100_000_000


def start(study, *names):
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--quick", *names],
        cwd=study.root,
        env={**os.environ, "PYTHONPATH": str(study.root / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def git(study):
    return subprocess.check_output(["git", "status", "--porcelain"], cwd=study.root, text=True)


def numbers_in(content):
    match content:
        case dict():
            for value in content.values():
                yield from numbers_in(value)
        case list():
            for value in content:
                yield from numbers_in(value)
        case int() | float():
            yield content
