from __future__ import annotations

from dataclasses import replace

import pytest

from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.limitations.limitations import limits
from gridpress.report.sections.setup import study_setup
from report.builder import parameters, save, write_study
from report.made_up.machine import MACHINE

ROW = "Not as in constraints.txt"


def rows(study: Study) -> dict[str, list[str]]:
    (table,) = study_setup.machines(study)
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.body}


def test_versions_other_than_pinned_are_shown_and_else_not_mentioned(tmp_path, study):
    assert ROW not in rows(study)
    project = write_study(tmp_path / "study", parameters(datasets=["mnist"]))
    key, timing = next(iter(Study.load(project).timings["svm"].items()))
    differs = {"torch": "2.15.0 instead of 2.14.1", "numpy": "2.5.0 instead of 2.4.6"}
    machine = MACHINE.model_copy(update={"differs_from_constraints": differs})
    save(timing.model_copy(update={"machine": machine}), project.timing("svm", key))
    found = rows(Study.load(project))
    text = "torch 2.15.0 instead of 2.14.1 and numpy 2.5.0 instead of 2.4.6"
    assert sorted(found[ROW]) == sorted(["–", text])
    assert found["Used for"][found[ROW].index(text)] == "1 SVM fit"


def test_parameters_begin_with_those_of_the_published_studies(study):
    assert [table.name for table in study_setup.parameters(study)] == ["studies", "parameters"]


def test_parameters_are_those_that_the_file_holds_and_no_defaults(study):
    data = [*study_setup.parameters(study)][1].data
    found = dict(zip(data["key"], data["value"], strict=True))
    assert found["modern.augmentation.shift"] == "0.1"
    assert "modern.augmentation.flip" not in found
    assert found["configs.rbf-C1-gscale"] == "kernel: rbf, C: 1.0, gamma: scale"


def said(study: Study) -> str:
    sections = {"samples": [*study_setup.samples(study)], "split": [*study_setup.split(study)]}
    return " ".join(paragraphs("setup", sections, study=study, limits=limits(study)).split())


def with_counts(study: Study, counts: list[int]) -> Study:
    record = study.data["mnist"].model_copy(update={"class_counts": counts})
    return replace(study, data={"mnist": record})


def test_imbalanced_classes_are_said_to_be_with_the_largest_and_the_smallest(study):
    text = said(with_counts(study, [40] * 8 + [650, 65]))
    assert (
        "The classes of MNIST are imbalanced: the largest, 8, has 650 images, the smallest, 0, 40 "
        "(imbalance ratio 16.2). Accuracy counts every image alike, balanced accuracy and macro F1 count "
        "every class alike." in text
    )
    assert "imbalance ratio" not in said(with_counts(study, [40] * 9 + [0]))


def test_of_classes_of_about_equal_size_nothing_is_said(study):
    for counts in ([40] * 10, [40] * 9 + [50]):
        text = said(with_counts(study, counts))
        assert "imbalanced" not in text
        assert "balanced accuracy" not in text


def test_one_run_of_each_kind_is_one(build):
    grid = {"model": ["resnet18"], "batch_size": [16], "optimizer": ["adam"], "learning_rate": [0.001]}
    one = {"one": {"kernel": "rbf", "C": 1.0, "gamma": 0.01}}
    text = said(build(datasets=["mnist"], train={"grid": grid}, svm={"configs": one}))
    assert "MNIST, 1 training run in all, and fits 1 support vector machine and" in text
    assert "@fig-samples-mnist shows what they look like." in text


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (0.2, "How the pooled images of MNIST are split, stratified by class, and"),
        ("official", "How the images"),
    ],
)
def test_caption_of_the_split_says_where_test_images_come_from(study, test, words):
    data = study.params.data.model_copy(
        update={"split": study.params.data.split.model_copy(update={"test": test})}
    )
    params = study.params.model_copy(update={"data": data, "datasets": ["mnist"]})
    caption = study_setup.caption_of_split(params)
    assert caption.startswith(words)
    assert ("The official test images are the test split" in caption) == (test == "official")
