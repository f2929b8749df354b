"""A dataset that is only declared, and networks that are only named, go through every stage to the report."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from conftest import FROZEN
from gridpress.families.registry import family_of, runs_by_stage_name
from gridpress.pipeline.stages import baseline, fetch, network, summarize, svm, train
from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.presentation.markup import escape
from gridpress.study.project import Project
from made_up import idx, pins, write_all
from report.test_document import check, printed

CLASSES = ["circle", "triangle", "square", "pentagon", "hexagon", "heptagon", "octagon"]
PARTS = {"one": 210, "two": 70}
HEIGHT, WIDTH = 12, 20


def shapes() -> dict[str, bytes]:
    """Seven classes that a bright column tells apart, in images that are not square, in two parts."""
    files = {}
    for seed, (part, number) in enumerate(PARTS.items()):
        rng = np.random.default_rng(seed)
        labels = np.arange(number) % len(CLASSES)
        pixels = rng.integers(0, 90, (number, HEIGHT, WIDTH))
        pixels[np.arange(number), :, 2 * labels + 3] = 220
        files[f"{part}.images"], files[f"{part}.labels"] = idx(pixels), idx(labels)
    return files


def declaration(files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "title": "Seven Shapes",
        "classes": CLASSES,
        "height": HEIGHT,
        "width": WIDTH,
        "channels": 1,
        "parts": [
            {"images": f"{part}.images", "labels": f"{part}.labels", "number": number}
            for part, number in PARTS.items()
        ],
        "files": {name: pin._asdict() for name, pin in pins(files).items()},
        "sources": [],
        "citation": "Nobody (2026). Shapes that a computer drew.",
        "licence": "none",
        "marker": "^",
    }


@pytest.fixture
def study(tmp_path, smoke) -> Callable[..., Project]:
    """A study of that dataset, computed as far as the summary."""

    def make(**train_settings) -> Project:
        project, files = Project(tmp_path / "study"), shapes()
        smoke["datasets"] = ["shapes"]
        smoke["data"] |= {
            "train_samples": 100, "train_eval_samples": 50, "val_samples": "all", "test_samples": "all",
        }  # fmt: skip
        smoke["train"] |= train_settings | {"grid": smoke["train"]["grid"] | train_settings.pop("grid", {})}
        smoke["hardware"]["measure"]["scaling"]["svm_samples"] = [20, 40, 80]
        for path, content in {
            project.params: smoke,
            project.root / "dvc.yaml": {"stages": {}},
            project.root / "data" / "datasets" / "shapes.yaml": declaration(files),
        }.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8") as file:
                YAML().dump(content, file)
        shutil.copytree(FROZEN.published, project.published)
        fetch.run(project, "shapes", write_all(tmp_path / "files", files))
        for name in runs_by_stage_name(Study.load(project).params):
            kind, _, key = name.partition("@")
            {"train": train, "svm": svm, "baseline": baseline}[kind].run(project, key)
        for name in Study.load(project).params.train.grid.model:
            network.run(project, name)
        summarize.run(project)
        return project

    return make


def prose(study: Study) -> str:
    """What the report says of the study itself, published studies left out."""
    report = Document(study)
    with redirect_stdout(io.StringIO()) as out:
        for template in (
            "status",
            "findings",
            "setup",
            "methods",
            "grid",
            "classes",
            "svm",
            "baseline",
            "cross",
            "calibration",
            "limits",
        ):
            report.say(template)
    return out.getvalue()


def test_a_made_up_dataset_of_seven_classes_and_12_x_20_pixels_is_trained_fitted_summarized_and_reported(
    study,
):
    found = Study.load(study(image_size=20))
    assert found.unusable == {}
    params, data = found.params, found.data["shapes"]
    assert (data.images, data.shape, data.class_counts) == (280, [1, HEIGHT, WIDTH], [40] * 7)
    for record in [record for by_key in found.records.values() for record in by_key.values()]:
        family = family_of(record)
        run = family.runs(params)[record.key]
        assert [*family.faults(record, run, params, data.true_labels(), found.splits("shapes"))] == []
        assert record.split_sizes == {"train": 196, "validation": 28, "test": 56}
    assert all(len(record.support_vectors) == 7 for record in found.svm.values())
    assert max(record.test.accuracy for record in found.svm.values()) > 0.9
    text = printed(found)
    check(text)
    assert "Seven Shapes" in text
    assert "heptagon" in text
    assert escape("Nobody (2026)") in text
    said = prose(found)
    assert "Seven Shapes" in said
    for word in ("MNIST", "70\u202f000", "ten classes", "digit", "28 pixels"):
        assert word not in said, word


@pytest.mark.parametrize(
    ("name", "size", "title"),
    [("mobilenet_v3_small", 28, "MobileNetV3-Small"), ("vgg11_bn", 32, "VGG-11-BN")],
)
def test_other_networks_of_torchvision_are_trained_and_reported(study, name, size, title):
    grid = {"model": [name], "optimizer": ["adam"]}
    project = study(image_size=size, epochs=1, milestones=[], grid=grid)
    found = Study.load(project)
    [record] = found.train.values()
    text = printed(found)
    check(text)
    assert title in text
    assert "ResNet" not in prose(found)
    project.record("train", record.key).unlink()
    train.run(project, record.key)
    assert Study.load(project).train[record.key] == record  # dropout draws the same again
