from __future__ import annotations

import json
from concurrent.futures import Future
from dataclasses import replace

import pytest
import torch

from conftest import DECLARED
from gridpress.benchmark import footprint, limits, targets, workload
from gridpress.benchmark import measure as carry_out_module
from gridpress.benchmark.device import device_of
from gridpress.benchmark.measure import measure as carry_out
from gridpress.benchmark.plan import Plan
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.study.records.store import load, save
from gridpress.system.machine import describe, fingerprint

ABSENT = {"device": "cuda", "precision": "fp16", "threads": "all", "memory_format": "channels_last"}


@pytest.fixture(autouse=True)
def no_accelerator(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: None)


@pytest.fixture
def run(optimizers, params, images):
    """A record, and what was reported on the way."""

    def make(settings) -> tuple[HardwareRecord, Plan, list[float]]:
        plan = Plan.make(settings, optimizers, params.svm, DECLARED["mnist"], describe())
        done: list[float] = []
        record = carry_out(plan, "here", images, lambda amount, *_: done.append(amount))
        return record, plan, done

    return make


def test_a_small_measurement_is_a_whole_record(run, measure, target, tmp_path):
    targets = {
        "one": target().model_dump(),
        "bf16": target(precision="bf16").model_dump(),
        "gpu": ABSENT,
    }
    settings = measure(targets=targets, agreement_steps=2)
    record, plan, done = run(settings)

    assert {case.target for case in record.cases} == {"one", "bf16"}
    assert {(case.phase, case.optimizer) for case in record.cases} == {
        ("training", "sgd"),
        ("inference", None),
    }
    for case in record.cases:
        assert len(case.seconds.blocks) == settings.blocks
        assert case.seconds.median.low <= case.seconds.median.value <= case.seconds.median.high
        assert case.seconds.lower_quartile <= case.seconds.upper_quartile
        assert case.images_per_second == pytest.approx(2 / case.seconds.median.value, rel=1e-4)
        assert case.process_peak_bytes > 1 << 27
        assert case.roofline.share > 0
    training = next(case for case in record.cases if case.phase == "training")
    assert training.flops_fvcore == 3 * 2 * record.networks["resnet18"].flops_fvcore
    one, bf16, gpu = record.targets
    assert one.absent is bf16.absent is None
    assert gpu.limits is None
    assert "CUDA" in gpu.absent
    assert len(record.comparisons) == len(record.cpu_baselines) == 2
    works, axes = ["training step"] * 2 + ["svm fit"] * 2, ["samples", "pixels"] * 2
    assert [(growth.work, growth.axis) for growth in record.growth] == list(zip(works, axes, strict=True))
    assert len(record.agreement.reference) == 2
    assert record.agreement.curves[0].largest_difference == 0
    assert len(record.foreign_load.during) == settings.blocks
    assert record.fingerprint == fingerprint(record.machine)
    assert record.settings == settings
    assert sum(done) == pytest.approx(plan.seconds)

    path = tmp_path / "here.json"
    save(record, path)
    assert load(HardwareRecord, path) == record
    assert str(tmp_path) not in path.read_text()
    assert json.loads(path.read_text())["fingerprint"] == record.fingerprint


class InProcess:
    """What takes work to another process, in this one: there a stand-in for a GPU would be unknown."""

    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, work, *args):
        done = Future()
        done.set_result(work(*args))
        return done

    def shutdown(self, **_):
        pass


@pytest.fixture
def stand_in(monkeypatch):
    """A GPU whose work the CPU does: what asks for CUDA but not through `device` fails, as there is none."""
    where = device_of

    def instead(target):
        found = where(target)
        return torch.device("cpu") if found.type == "cuda" else found

    modules = [footprint, limits, targets, workload, carry_out_module]
    for module in modules:
        if hasattr(module, "device_of"):
            monkeypatch.setattr(module, "device_of", instead)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: torch.device("cuda"))
    monkeypatch.setattr(carry_out_module, "device_name", lambda _: "Example GPU")
    monkeypatch.setattr(footprint, "peak_memory", lambda _: 54321)
    monkeypatch.setattr(footprint, "ProcessPoolExecutor", InProcess)


@pytest.mark.usefixtures("stand_in")
def test_a_gpu_goes_through_the_same_lines(run, measure, target):
    targets = {"one": target().model_dump(), "gpu": target(device="cuda", precision="bf16").model_dump()}
    record, plan, done = run(measure(targets=targets, agreement_steps=2))
    assert [entry.absent for entry in record.targets] == [None, None]
    assert record.targets[1].device_name == "Example GPU"
    assert record.targets[1].limits.peak > 0
    assert {case.target for case in record.cases} == {"one", "gpu"}
    assert {case.device_peak_bytes for case in record.cases} == {54321}
    assert {entry.target for entry in record.cpu_baselines} == {"one"}
    assert {(entry.baseline, entry.target) for entry in record.comparisons} == {("one", "gpu")}
    curve = record.agreement.curves[1]
    assert curve.target == "gpu"
    assert curve.losses == pytest.approx(record.agreement.reference, abs=0.5)  # bf16, emulated or not
    assert sum(done) == pytest.approx(plan.seconds)


def test_a_machine_without_any_of_the_targets_still_gives_a_record(run, measure):
    record, *_ = run(measure(targets={"gpu": ABSENT}, agreement_steps=1))
    assert record.cases == record.comparisons == record.cpu_baselines == []
    assert record.targets[0].absent
    assert [growth.work for growth in record.growth] == ["svm fit", "svm fit"]


def test_the_estimate_grows_with_the_work(optimizers, params, measure):
    machine = describe()
    few = Plan.make(measure(blocks=5), optimizers, params.svm, DECLARED["mnist"], machine)
    many = replace(few, settings=measure(blocks=50))
    assert many.seconds > few.seconds > 0
