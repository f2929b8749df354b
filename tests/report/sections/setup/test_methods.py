from __future__ import annotations

import pytest

from gridpress.classical.svc import plain_svc
from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from report.builder import parameters


def said(study: Study) -> str:
    return " ".join(paragraphs("methods", Document(study).sections, study=study, **facts(study)).split())


def test_values_come_from_the_parameters(study, build):
    text = said(study)
    assert "drawn from seed 42" in text
    assert "SGD has momentum 0.9," in text
    assert "decay rates 0.9 and 0.999." in text
    assert text.count("weight decay") == 1
    assert "There is no weight decay." in text
    changed = said(
        build(
            data={"seed": 7},
            optimizers={"sgd": {"momentum": 0.5, "weight_decay": 0.01}},
            train={"grid": {"optimizer": ["sgd"]}},
        )
    )
    assert "drawn from seed 7" in changed
    assert (
        "SGD has momentum 0.5, the share of the last step that it adds to the next; its weight decay is 0.01."
        in changed
    )
    assert "no weight decay" not in changed
    assert "constant learning rate, no augmentation." in changed
    assert "Adam" not in changed


def test_what_a_network_receives_depends_on_size_and_channels(study, build):
    assert "keep their size of 28 pixels a side, and a grey image is given as each" in said(study)
    resized = said(build(train={"image_size": 64, "channels": 1}))
    assert (
        "resized to 64 pixels a side by bilinear interpolation; the first layer takes one channel" in resized
    )


@pytest.mark.parametrize(
    ("scaling", "words"),
    [("minmax", "its least value over the training images"), ("none", "They are not scaled further.")],
)
def test_scaling_of_features(build, scaling, words):
    text = said(build(svm={"scaling": scaling}))
    assert words in text
    assert "variance one, the two are the same" not in text


def test_only_kernels_of_the_study_are_explained(build):
    text = said(build(svm={"configs": {"one": {"kernel": "rbf", "C": 1.0, "gamma": 0.01}}}))
    assert "polynomial" not in text
    assert "*scale*" not in text
    assert r"\exp(-\gamma" in text


def test_what_must_be_known_of_a_dataset_is_said_where_it_is_used(study, build):
    note = study.params.dataset("mnist").note
    assert "by other writers" in note
    assert escape(note) in said(study)
    assert "by other writers" not in said(build(datasets=["fashion_mnist"]))


def test_what_is_said_of_the_data_is_what_their_declarations_say(study):
    parts = " and ".join(f"{part.number:,}".replace(",", " ") for part in study.params.dataset("mnist").parts)
    assert f"{parts} images of MNIST" in said(study)


def test_scikit_learn_leaves_coef0_at_what_is_said_of_it(study):
    settings = study.params.svm
    assert "(`coef0`) at zero, scikit-learn's default" in said(study)
    assert plain_svc(settings.configs["poly2-C1-gscale"], settings).coef0 == 0


PRETRAINED = {"weights": "pretrained"}
SMALL = {"stem": "small"}


@pytest.mark.parametrize(
    ("recipe", "there", "absent"),
    [
        (
            {},
            ["the mean of all pixels of the training images used is subtracted", "7 × 7 pixels", "He init"],
            [],
        ),
        (
            PRETRAINED,
            ["each of the three channels", "begin as torchvision publishes them"],
            ["two numbers", "He in"],
        ),
        (SMALL, ["is replaced by the small stem", "He init"], ["7 × 7", "largest of 3 × 3", "quarter"]),
    ],
)
def test_normalisation_stem_and_first_weights_are_those_of_the_recipe(build, recipe, there, absent):
    text = said(build(datasets=["mnist"], recipes={"default": recipe}))
    assert [words for words in there if words not in text] == []
    assert [words for words in absent if words in text] == []


def test_recipes_that_begin_otherwise_are_told_beside_the_others(build):
    recipes = {"other": parameters()["recipes"]["default"] | PRETRAINED}
    grid = {"recipe": ["default", "modern", "other"]}
    text = said(build(datasets=["mnist"], recipes=recipes, train={"grid": grid}))
    for words in (
        "These are two numbers per dataset",
        "With pretrained weights it is the mean and the standard deviation of each of the three channels",
        "a convolution of 7 × 7 pixels",
        "The small stem, which some recipes have",
        "Weights begin as torchvision draws them",
        "With pretrained weights, all but those of the last layer begin as torchvision publishes them.",
        "after epochs 1 and 2 (`default` and `other`) or epoch 2 (`modern`) the",
    ):
        assert words in text
