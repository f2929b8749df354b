from __future__ import annotations

import json

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.families.registry import runs_by_stage_name
from gridpress.files import write_text
from gridpress.pipeline.repro.estimate import estimates
from gridpress.study.project import Project
from gridpress.system.machine import Machine
from report.builder import parameters, write_study


@pytest.fixture(scope="module")
def content():
    return parameters(train={"grid": {"seed": [0, 1]}})


@pytest.fixture(scope="module")
def study(content, tmp_path_factory):
    """All runs of these parameters are finished."""
    return write_study(tmp_path_factory.mktemp("study"), content)


@pytest.fixture
def estimated(content, study):
    def estimated(**train):
        params = parse_params(content | {"train": content["train"] | train}, DECLARED)
        return estimates(study, params, runs_by_stage_name(params), None)

    return estimated


def of_networks(seconds):
    return {name: value for name, value in seconds.items() if name.startswith("train@")}


def test_a_size_that_was_never_run_costs_in_proportion_to_its_pixels_and_epochs(content, estimated):
    size, epochs = content["train"]["image_size"], content["train"]["epochs"]
    known, other = estimated(), estimated(image_size=2 * size, epochs=3 * epochs)
    assert of_networks(known)
    for name, seconds in known.items():
        assert other[name] == pytest.approx(seconds * (12 if name.startswith("train@") else 1))


def test_a_precision_that_was_never_run_costs_as_the_most_similar_run(content, estimated):
    known, other = estimated(), estimated(grid=content["train"]["grid"] | {"precision": ["fp16"]})
    assert any("-fp16-" in name for name in other)
    for name, seconds in other.items():
        assert seconds == pytest.approx(known[name.replace("-fp16-", "-fp32-")])


def test_a_network_that_was_never_run_has_no_estimate(content, estimated):
    unknown = of_networks(estimated(grid=content["train"]["grid"] | {"model": ["resnet152"]}))
    assert set(unknown.values()) == {None}


def test_this_kind_of_machine_tells_more_than_any_other(content, study, tmp_path):
    params = parse_params(content, DECLARED)
    name, (family, run) = next(iter(runs_by_stage_name(params).items()))
    kind, key = family.stage, run.key
    here, project = study, Project(tmp_path)
    timing = json.loads(here.timing(kind, key).read_text())
    seconds = [timing["training_seconds"], timing["evaluation_seconds"]]
    for number, factor in ((0, 1), (1, 3)):  # the second machine takes three times as long
        other = f"{key.removesuffix('0')}{number}"
        timing["key"] = other
        timing["machine"]["processor"] = f"Processor {number}"
        timing["training_seconds"], timing["evaluation_seconds"] = (
            [factor * second for second in each] for each in seconds
        )
        write_text(project.timing(kind, other), json.dumps(timing))
        write_text(project.record(kind, other), here.record(kind, other).read_text())

    def on(processor: str) -> float:
        machine = Machine.model_validate(timing["machine"] | {"processor": processor})
        return estimates(project, params, [name], machine.kind)[name]

    assert on("Processor 1") == pytest.approx(3 * on("Processor 0"))
    both = estimates(project, params, [name], None)[name]
    assert on("Processor 2") == both == pytest.approx(2 * on("Processor 0"))  # the median


def test_without_any_record_nothing_is_estimated(content, tmp_path):
    params = parse_params(content, DECLARED)
    assert set(estimates(Project(tmp_path), params, runs_by_stage_name(params), None).values()) == {None}
