from __future__ import annotations

import pytest

from gridpress.report.contents import contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.selected.learning_curves import accuracy_and_size
from report.builder import parameters, write_study

CURVE = {"fractions": [0.005, 0.02, 0.1, 1.0], "epochs": [9]}


@pytest.fixture
def made(tmp_path):
    def made(seeds=(0, 1, 2), curve=CURVE, **changes) -> Study:
        grid = {"model": ["resnet18"], "seed": [*seeds]}
        content = parameters(datasets=["mnist"], train={"grid": grid}, learning_curve=curve, **changes)
        return Study.load(write_study(tmp_path / "study", content))

    return made


def said(study, template="learning-curves") -> str:
    return " ".join(paragraphs(template, contents(study), study=study, **facts(study)).split())


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
    assert "MNIST: the RBF SVM is ahead of ResNet-18 below about " in text
    assert "training images. The network is −" in text
    assert "**Saturation.**" in text
    assert "MNIST: ResNet-18 goes from " in text
    assert " % after 2 epochs to " in text
    assert " % after 9, by +" in text


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
    assert contents(study)["learning-curve"] == contents(study)["final"] == []
