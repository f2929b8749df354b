"""Only times of one kind of machine are compared."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from gridpress.report.analysis import best
from gridpress.report.data.study import Study
from gridpress.report.data.times import comparable
from gridpress.report.sections.claims.times import training_ratio
from gridpress.report.sections.selected.best_tables import sources
from report.builder import parameters, write_study
from report.made_up.machine import MACHINE

FAST = MACHINE.model_copy(update={"processor": "Fast CPU"})


def timing(machine, clock="processor"):
    return SimpleNamespace(machine=machine, clock=clock)


def test_the_kind_that_timed_most_configurations_is_compared_however_many_seeds_ran_elsewhere():
    train = {f"{name}-{seed}": timing(FAST if seed else MACHINE) for name in "ab" for seed in range(3)}
    times = comparable({"train": train, "svm": {"svm": timing(MACHINE)}})
    assert times.kinds == ["Example CPU", "Fast CPU"]
    assert list(times.train) == ["a-0", "b-0"]
    assert list(times.svm) == ["svm"]
    assert times.elsewhere == 4
    assert times.clock == "processor time of one thread, on Example CPU"


def test_of_equals_the_first_is_compared():
    train = {"a-0": timing(FAST), "a-1": timing(MACHINE)}
    assert comparable({"train": train, "svm": {}}).kinds == ["Fast CPU", "Example CPU"]


def test_one_kind_of_machine_is_not_named_and_nothing_is_left_out():
    times = comparable({"svm": {"svm": timing(MACHINE), "other": timing(MACHINE, "wall")}})
    assert times.elsewhere == 0
    assert times.clocks == ["processor", "wall"]
    assert times.clock == "processor time where one thread computes, wall time elsewhere"


def test_without_timings_there_is_nothing_to_compare():
    times = comparable({})
    assert (times.kinds, times.train, times.svm, times.elsewhere, times.clocks) == ([], {}, {}, 0, [])


@pytest.fixture(scope="module")
def two_machines(tmp_path_factory):
    """Three seeds, of which two were trained elsewhere in a tenth of the time, the best one among these."""
    content = parameters(datasets=["mnist"], train={"grid": {"seed": [0, 1, 2]}})
    project = write_study(tmp_path_factory.mktemp("study"), content)
    for path in (project.root / "metrics" / "timing" / "train").glob("*-[12].json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        content["machine"]["processor"] = "Fast CPU"
        content["training_seconds"] = [second / 10 for second in content["training_seconds"]]
        path.write_text(json.dumps(content), encoding="utf-8")
    return Study.load(project)


def test_configurations_have_the_time_of_their_seeds_on_that_machine(two_machines):
    table = two_machines.configurations
    expected = table["model"].map({"resnet18": 8.0, "resnet50": 20.0}) * table["epoch"]
    assert (table["training_seconds"] == expected).all()


def test_the_time_of_a_choice_is_of_that_machine_whatever_its_best_seed_ran_on(two_machines):
    seconds = {"resnet18": 8.0, "resnet50": 20.0}
    networks = best.networks(two_machines)
    assert [network.classifier for network in networks] == [*seconds]
    for network in networks:
        assert network.training_seconds == seconds[network.classifier] * network.epoch


def test_the_sources_of_a_time_are_the_timings_that_it_is_a_mean_of(two_machines):
    networks = best.networks(two_machines)
    timings = [path for path in sources(two_machines, networks) if "timing" in path]
    assert timings == [
        f"metrics/timing/train/{key}.json" for network in networks for key in network.keys if key[-1] == "0"
    ]


def test_times_of_networks_are_compared_over_the_seeds_of_that_machine(two_machines):
    found = training_ratio(two_machines, ("model", "resnet18", "resnet50"))
    assert "2.50 times the training time on MNIST" in found.words
