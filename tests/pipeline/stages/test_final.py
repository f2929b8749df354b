from __future__ import annotations

import json

import pytest

from gridpress.errors import GridpressError
from gridpress.pipeline.stages import final
from report.builder import parameters, write_study

ONE = {"datasets": ["mnist"], "train": {"grid": {"model": ["resnet18"]}}}


def test_the_final_models_are_condensed_for_dvc_metrics(tmp_path):
    project = write_study(tmp_path, parameters(**ONE, learning_curve={"fractions": [1]}))
    final.run(project)
    found = json.loads(project.final.read_text())
    assert found["mnist"]["resnet18"].keys() == {
        "test_accuracy",
        "test_balanced_accuracy",
        "test_macro_f1",
    }


def test_without_all_images_there_is_no_final_model(tmp_path):
    project = write_study(tmp_path, parameters(**ONE, learning_curve={"fractions": [0.02]}))
    final.run(project)
    assert json.loads(project.final.read_text()) == {"mnist": {}}


def test_a_missing_record_is_named(tmp_path):
    project = write_study(tmp_path, parameters(**ONE, learning_curve={"fractions": [1]}))
    project.record("learning_curve/network", "mnist-resnet18-1-0").unlink()
    with pytest.raises(GridpressError, match=r"mnist-resnet18-1-0\.json is missing"):
        final.run(project)
