from __future__ import annotations

import json

import pytest

from gridpress.learning_curves.chosen import CHOSEN
from gridpress.learning_curves.curves import CURVES
from gridpress.report.data.study import Study
from report.builder import parameters, write_study

CONTENT = {
    "datasets": ["mnist"],
    "train": {"grid": {"model": ["resnet18"]}},
    "learning_curve": {"fractions": [0.02, 1.0], "epochs": [9]},
}
FEW = "metrics/learning_curve/network/mnist-resnet18-0.02-0.json"


@pytest.fixture
def project(tmp_path):
    return write_study(tmp_path / "study", parameters(**CONTENT))


def test_every_point_is_read_with_its_members_and_times(project):
    study = Study.load(project)
    assert {folder: [*points] for folder, points in study.points.items()} == {
        "learning_curve/network": ["mnist-resnet18-0.02-0", "mnist-resnet18-1.0-0"],
        "learning_curve/classical": ["mnist-0.02", "mnist-1.0"],
        "learning_curve/saturation": ["mnist-9"],
    }
    for points in study.points.values():
        for point in points.values():
            assert len(point.members) == len(point.results) == len(point.timing.timings)
    assert study.missing == []
    assert {FEW, FEW.replace("metrics/", "metrics/timing/")} <= {*study.record_paths}


def test_a_point_that_is_not_there_is_missing(project):
    (project.root / FEW).unlink()
    study = Study.load(project)
    assert "mnist-resnet18-0.02-0" not in study.points["learning_curve/network"]
    assert study.missing == [FEW]


def test_points_of_another_choice_or_without_one_are_left_out(project):
    for curve in CURVES:
        assert Study.load(project).points[curve.folder]
    path = project.record(CHOSEN, "mnist-resnet18")
    content = json.loads(path.read_text())
    content["choices"][0]["batch_size"] = 16 if content["choices"][0]["batch_size"] == 32 else 32
    path.write_text(json.dumps(content))
    assert Study.load(project).points["learning_curve/network"] == {}
    path.unlink()
    assert Study.load(project).points["learning_curve/network"] == {}


def test_a_point_that_names_images_that_there_are_not_is_named_and_left_out(project):
    path = project.root / FEW
    content = json.loads(path.read_text())
    content["results"][0]["milestones"][-1]["test"]["misclassified"]["index"][-1] = 70_000
    path.write_text(json.dumps(content))
    study = Study.load(project)
    assert study.unusable == {FEW: "misclassified.index holds image 70000, where there are 70000"}
    assert [*study.points["learning_curve/network"]] == ["mnist-resnet18-1.0-0"]
