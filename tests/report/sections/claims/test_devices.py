"""Claims about devices and memory: each verdict, and the reason where there is none."""

from __future__ import annotations

import pytest

from gridpress.report.data.study import Study
from gridpress.report.sections.claims.devices import pinned_memory, same_result
from gridpress.report.sections.claims.judge import Verdict
from report.builder import parameters, save, write_study
from report.made_up.hardware import hardware_record
from report.made_up.machine import rng


@pytest.fixture
def measured(tmp_path):
    """A study whose machine has a GPU, where the losses part by so much in fp32."""

    def build(difference: float | None = None, devices: tuple[str, ...] = ("cpu", "cuda")) -> Study:
        project = write_study(tmp_path, parameters(datasets=["mnist"]))
        (name, record), *_ = Study.load(project).hardware.items()
        record = hardware_record(Study.load(project).params, name, devices)
        content = record.model_dump()
        for curve in content["agreement"]["curves"]:
            if curve["target"] == "cuda-fp32" and difference is not None:
                curve["largest_difference"] = difference
        save(type(record).model_validate(content), project.record("hardware", name))
        return Study.load(project)

    return build


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [(1e-5, Verdict.SUPPORTED), (5e-3, Verdict.OPEN), (0.5, Verdict.CONTRADICTED)],
)
def test_a_gpu_gives_the_cpus_result_as_far_as_losses_agree(measured, difference, verdict):
    evidence, found = same_result(measured(difference))
    assert found == verdict
    assert f"up to {difference:.2g} away" in evidence.words
    assert "cuda-fp32" in evidence.words
    assert "cuda-amp" not in evidence.words  # another precision


def test_without_an_accelerator_no_device_is_compared(measured):
    evidence, found = same_result(measured(devices=("cpu",)))
    assert found == Verdict.UNMEASURED
    assert evidence.words == "no CUDA or MPS device was measured in fp32"


@pytest.fixture
def trained(tmp_path):
    """A study of both memories, on a device, where pinning changes accuracy and seconds per epoch."""

    def build(device="cuda", gain=0.0, saved=0.1, memories=("pageable", "pinned"), **grid) -> Study:
        def accuracy(run, _epoch):
            noise = rng(run.model, run.batch_size, run.optimizer, run.learning_rate).normal(0, 0.01)
            return 0.9 + noise + gain * (run.data_memory == "pinned")

        grid = {"model": ["resnet18"], "data_memory": list(memories), **grid}
        project = write_study(tmp_path, parameters(datasets=["mnist"], train={"grid": grid}), accuracy)
        study = Study.load(project)
        for key, run in study.train_runs.items():
            save(study.train[key].model_copy(update={"device": device}), project.record("train", key))
            spent = study.timings["train"][key].training_seconds
            noise = 1 + rng(key, "time").normal(0, 0.01) - saved * (run.data_memory == "pinned")
            update = {"training_seconds": [seconds * noise for seconds in spent]}
            save(study.timings["train"][key].model_copy(update=update), project.timing("train", key))
        return Study.load(project)

    return build


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.SUPPORTED),
        ({"saved": -0.1}, Verdict.CONTRADICTED),
        ({"gain": 0.05}, Verdict.CONTRADICTED),
        ({"saved": 0.0}, Verdict.OPEN),
    ],
)
def test_pinned_memory_follows_time_and_accuracy(trained, changes, verdict):
    evidence, found = pinned_memory(trained(**changes))
    assert found == verdict
    assert "times the training time on MNIST" in evidence.words
    assert "points on MNIST" in evidence.words


def test_one_pair_of_runs_decides_nothing_and_prints_no_nan(trained):
    study = trained(batch_size=[16], optimizer=["sgd"], learning_rate=[0.001])
    evidence, found = pinned_memory(study)
    assert found == Verdict.OPEN
    assert "nan" not in evidence.words


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"memories": ["device", "pinned"]}, "train.grid.data_memory does not hold pageable and pinned"),
        ({"device": "cpu"}, "trained on cpu; only copies to a CUDA device use pinned memory"),
    ],
)
def test_pinned_memory_that_was_not_compared_says_why(trained, changes, reason):
    evidence, found = pinned_memory(trained(**changes))
    assert found == Verdict.UNMEASURED
    assert evidence.words == reason


def test_pinned_memory_without_timings_is_not_judged(trained):
    study = trained()
    for path in study.project.timing("train", "x").parent.glob("*.json"):
        path.unlink()
    assert pinned_memory(Study.load(study.project))[1] == Verdict.UNMEASURED
