from __future__ import annotations

import shutil

import pytest

from gridpress.report.analysis.crossings import difference_interval
from gridpress.report.analysis.learning_curves import sizes
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.selected.learning_curves import accuracy_and_size
from gridpress.study.records.learning_curves import CurveRecord
from gridpress.study.records.store import load
from report.builder import parameters, save, write_study
from report.made_up.runs import diverged

CURVE = {"fractions": [0.005, 0.02, 0.1, 1.0], "epochs": [9]}


@pytest.fixture
def made(tmp_path):
    def made(seeds=(0, 1, 2), curve=CURVE, **changes) -> Study:
        grid = {"model": ["resnet18"], "seed": [*seeds]}
        content = parameters(datasets=["mnist"], train={"grid": grid}, learning_curve=curve, **changes)
        shutil.rmtree(tmp_path / "study", ignore_errors=True)
        return Study.load(write_study(tmp_path / "study", content))

    return made


def said(study, template="learning-curves") -> str:
    return " ".join(paragraphs(template, Contents(study), facts(study), study=study).split())


def test_the_figure_has_a_point_for_every_classifier_and_size(made):
    study = made()
    [figure] = accuracy_and_size(study)
    points = [(row["classifier"], row["images"]) for _, row in figure.data.iterrows()]
    assert len({*points}) == len(points) == 4 * (1 + 2 + len(study.params.baseline.configs))
    assert "chose for each classifier with 1\u202f000 images" in figure.caption
    assert "as many training steps as in the grid" in figure.caption
    assert "each of which draws its training images" in figure.caption
    assert "On MNIST with 49\u202f000 images ResNet-18 is the most accurate" in figure.alt
    assert figure.draw().get_axes()


def test_with_one_seed_intervals_are_over_test_images(made):
    [figure] = accuracy_and_size(made(seeds=[0]))
    assert "Intervals: Wilson's 95 % over test images, as each was trained once." in figure.caption


def test_the_text_says_where_curves_cross_and_what_longer_training_gains(made):
    text = said(made())
    assert "**Where curves cross.**" in text
    assert "MNIST: the RBF SVM is ahead of ResNet-18 with " in text
    assert "; the lines cross at about " in text
    assert "The network is −" in text
    assert "**Saturation.**" in text
    assert "MNIST: ResNet-18 has " in text
    assert " % after 2 epochs and " in text
    assert " % after 9, a difference of +" in text


def test_one_seed_tells_no_difference_from_zero(made):
    assert "these seeds do not tell both differences from zero" in said(made(seeds=[0]))


def test_findings_are_of_the_final_models(made):
    text = said(made(), "findings")
    assert "), trained on 49 000 images in 16.3 min." in text
    assert (
        "**What more images and more epochs give.** On MNIST, the RBF SVM is ahead of ResNet-18 with " in text
    )
    assert "On MNIST, 9 epochs instead of 2 change the test accuracy of ResNet-18 on all images by +" in text
    assert "@tbl-final" in text


def test_without_learning_curves_nothing_is_said_of_them(made):
    study = made(curve={"fractions": [], "epochs": []})
    text = said(study, "findings")
    assert "), trained on 1 000 images in " in text
    assert "@tbl-cross" in text
    assert "more images" not in text
    assert Contents(study)["learning-curve"] == Contents(study)["final"] == []
    assert said(study) == (
        "This study asks for no learning curve: `learning_curve.fractions` of params.yaml is empty."
    )


def test_longer_training_alone_is_told_without_a_figure(made):
    study = made(curve={"fractions": [], "epochs": [9]})
    assert "is empty. **Saturation.**" in said(study)
    assert "has every number of images" not in said(study, "findings")


def test_of_a_recipe_that_is_tested_once_longer_training_is_held_against_the_final_model(made):
    cosine = {"default": {"schedule": {"name": "cosine", "warmup": 0.1}}}
    text = said(made(recipes=cosine))
    assert "MNIST: ResNet-18 has " in text
    assert " % after 2 epochs and " in text
    without = {"fractions": [0.02], "epochs": [9]}
    assert "**Saturation.**" not in said(made(curve=without, recipes=cosine))


def diverge(study, key) -> None:
    """As if a point's only run had diverged."""
    path = study.project.record("learning_curve/network", key)
    record = load(CurveRecord, path)
    save(record.model_copy(update={"results": [diverged(record.results[0], 1)]}), path)


def test_runs_that_diverged_are_counted_and_give_no_interval(made):
    study = made()
    for seed in (0, 1):
        diverge(study, f"mnist-resnet18-0.02-{seed}")
    study = Study.load(study.project)
    [figure] = accuracy_and_size(study)
    assert figure.caption.endswith("Left out, as they diverged: 2 runs.")
    [size] = [one for one in sizes(study) if (one.classifier, one.images) == ("resnet18", 980)]
    [other] = [one for one in sizes(study) if (one.classifier, one.images) == ("rbf", 980)]
    assert (len(size.seeds), size.repetitions) == (1, 3)
    assert not difference_interval(size, other).known


def test_a_dataset_without_all_its_final_models_is_told_by_what_the_grid_chose(made):
    study = made()
    for seed in (0, 1, 2):
        diverge(study, f"mnist-resnet18-1.0-{seed}")
    text = said(Study.load(study.project), "findings")
    assert "The network that validation chose, ResNet-18" in text
    assert "), trained on 1 000 images in " in text
