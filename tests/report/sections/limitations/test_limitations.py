"""The section on limits follows the records."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import pytest
import torch

from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import make_random
from gridpress.report.analysis.best import classifiers, overall
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import percent
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.limitations.limitations import STRIDE, WIDE, limits
from report.builder import PATIENT, parameters, write_study


def prose(study: Study) -> str:
    return " ".join(paragraphs("limits", Contents(study), facts(study), study=study).split())


def edit(path, **values) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | values), encoding="utf-8")


@pytest.fixture(scope="module")
def said(study):
    return prose(study)


def test_a_part_of_the_images_one_seed_and_small_maps_are_limits(said):
    assert "on 1 000 of the 49 000 training images" in said
    assert "**One seed.**" in said
    assert "At 28 pixels a side" in said


def test_what_does_not_hold_is_not_said(build):
    said = prose(
        build(
            datasets=["mnist"],
            data={"train_samples": "all"},
            train={"image_size": 64, "grid": {"seed": [0, 1, 2], "model": ["resnet18"]}},
        )
    )
    assert "training images. What leads here" not in said
    assert "**3 seeds.**" in said
    assert "**Small images.**" not in said


def test_runs_that_were_still_rising_are_counted(study):
    rising = [
        record.history[-1].validation_accuracy > max(e.validation_accuracy for e in record.history[:-1])
        for record in study.train.values()
    ]
    found = limits(study)
    assert (found.rising, found.runs) == (sum(rising), len(rising))
    assert found.rising > 0


def test_every_classifier_is_named_with_what_validation_chose_from(study, said):
    grid, configs = study.params.train.grid, study.params.svm.configs.values()
    states = len(grid.batch_size) * len(grid.optimizer) * len(grid.learning_rate) * 2
    poly = sum(config.kernel == "poly" for config in configs)
    assert (
        f"{states} states of ResNet-18, {states} states of ResNet-50, {poly} states of polynomial SVM" in said
    )
    assert f"{len(configs) - poly} states of RBF SVM, 1 state of logistic regression" in said


def test_a_device_that_no_machine_had_is_named(said):
    assert "No machine of this study had CUDA:" in said


def test_a_machine_measured_with_other_settings_is_named(tmp_path, said):
    assert "**Other settings.**" not in said
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    study = Study.load(project)
    name, record = next(iter(study.hardware.items()))
    settings = record.settings.model_dump() | {"blocks": record.settings.blocks + 1}
    edit(project.record("hardware", name), settings=settings)
    assert f"`{name}` was measured with other settings than" in prose(Study.load(project))


def test_processors_and_clocks_are_those_of_the_timings(tmp_path, said):
    assert "**One kind of machine.**" in said
    assert "processor time of the one thread" in said
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    path = project.timing("svm", "mnist-rbf-C1-gscale")
    machine = json.loads(path.read_text(encoding="utf-8"))["machine"]
    edit(path, machine=machine | {"processor": "Other | <b>", "processor_family": None})
    said = prose(Study.load(project))
    assert "**Several kinds of machine.**" in said
    assert "Other | <b>" not in said
    assert (
        "all training times here are of Example CPU, on which most configurations were timed, and 1 of"
        in said
    )


def test_wall_time_is_named(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    edit(project.timing("svm", "mnist-rbf-C1-gscale"), clock="wall")
    assert "wall clock elsewhere" in prose(Study.load(project))


def test_short_training_is_no_early_stopping(said, build):
    assert "**Short training.** Networks were trained for 2 epochs at a constant" in said
    stopping = prose(build(datasets=["mnist"], **PATIENT))
    assert "**Short training.** Networks were trained for at most 2 epochs" in stopping


@pytest.mark.parametrize(
    ("size", "recipes", "small"),
    [
        (32, ["default"], ["default"]),
        (33, ["default"], []),
        (28, ["modern"], []),
        (8, ["modern"], ["modern"]),
        (28, ["default", "modern"], ["default"]),
    ],
)
def test_maps_are_small_where_the_stem_leaves_one_position(build, size, recipes, small):
    study = build(datasets=["mnist"], train={"image_size": size, "grid": {"recipe": recipes}})
    assert limits(study).one_position == small


def test_the_stem_that_leaves_one_position_is_named_beside_another(build):
    said = prose(build(datasets=["mnist"], train={"grid": {"recipe": ["default", "modern"]}}))
    assert "the last stage of a ResNet with the standard stem works on maps of one pixel" in said


@pytest.mark.parametrize("stem", STRIDE)
def test_up_to_its_stride_an_image_leaves_one_position(stem):
    network = make_random(Architecture("resnet18", 3, 10, 28, stem)).eval()
    network.avgpool = network.fc = torch.nn.Identity()
    positions = [network(torch.zeros(1, 3, s, s)).numel() // 512 for s in (STRIDE[stem], STRIDE[stem] + 1)]
    assert positions == [1, 4]


def with_counts(study: Study, counts: list[int]) -> Study:
    record = study.data["mnist"].model_copy(update={"class_counts": counts})
    return replace(study, data={**study.data, "mnist": record})


@pytest.mark.parametrize(
    ("counts", "imbalanced"), [([40] * 10, False), ([59] + [40] * 9, False), ([60] + [40] * 9, True)]
)
def test_classes_are_imbalanced_from_a_ratio_on(study, counts, imbalanced):
    found = [entry for entry in limits(with_counts(study, counts)).imbalanced if entry.dataset == "mnist"]
    assert bool(found) == imbalanced
    if imbalanced:
        entry = found[0]
        assert (entry.largest, entry.most, entry.smallest, entry.fewest, entry.ratio) == (
            "0",
            60,
            "1",
            40,
            1.5,
        )


def test_a_class_without_an_image_is_imbalanced(study):
    entry = limits(with_counts(study, [40] * 9 + [0])).imbalanced[0]
    assert (entry.smallest, entry.fewest, entry.ratio) == ("9", 0, inf)


def test_how_wide_intervals_are_is_said_of_few_test_images_alone(study, build):
    winner = overall(classifiers(study))["mnist"]
    assert [entry.dataset for entry in limits(study).uncertain] != ["mnist"]
    few = build(datasets=["mnist"], data={"test_samples": 100})
    [entry] = limits(few).uncertain
    best = overall(classifiers(few))["mnist"]
    assert (entry.images, entry.accuracy) == (100, best.accuracy)
    assert entry.half_width == pytest.approx((best.interval.high - best.interval.low) / 2)
    assert entry.half_width > WIDE > (winner.interval.high - winner.interval.low) / 2
    said = prose(few)
    accuracy, half_width = percent(entry.accuracy), percent(entry.half_width, 1)
    assert (
        "**Few test images.** On the 100 test images of MNIST the 95 % interval of an accuracy of "
        f"{accuracy} % has a half-width of {half_width} points. " in said
    )


def test_many_test_images_are_no_limit(build):
    assert "Few test images" not in prose(build(datasets=["mnist"], data={"test_samples": "all"}))


def test_published_studies_are_a_limit_where_one_is_compared(said, build):
    assert "**The published studies** print" in said
    other = build(
        datasets=["mnist"],
        train={"grid": {"learning_rate": [0.5]}},
        svm={"configs": {"one": {"kernel": "rbf", "C": 3.0, "gamma": 0.5}}},
    )
    assert "The published studies" not in prose(other)
