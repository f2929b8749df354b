from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from gridpress.classical.svc import plain_svc
from gridpress.config.dataset import ImageGroup
from gridpress.report.analysis.image_counts import images_used
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.limitations.limitations import limits
from report.builder import parameters


def said(study: Study) -> str:
    return " ".join(paragraphs("methods", Contents(study), facts(study), study=study).split())


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


def images_said(study: Study, *, official: bool = False, kept: int | None = None, **changes: object) -> str:
    """What is said of the images, were so many parts of MNIST declared, with these changes."""
    declared = study.params.dataset("mnist")
    parts = [part.model_copy(update=changes) for part in declared.parts][:kept]
    data = study.params.data
    if official:
        data = data.model_copy(update={"split": data.split.model_copy(update={"test": "official"})})
    params = study.params.model_copy(update={"datasets": ["mnist"], "data": data})
    params._declared = study.params._declared | {"mnist": declared.model_copy(update={"parts": parts})}
    return light(replace(study, params=params)).split("**What a network receives.**")[0]


def light(study: Study) -> str:
    """As `said`, without tables and figures to refer to."""
    text = paragraphs(
        "methods",
        {},
        study=study,
        limits=limits(study),
        images_used=partial(images_used, study),
        tested_after="",
    )
    return " ".join(text.split())


ANEW = "This official split is not used: all images are pooled"
OFFICIAL = "should not be set against those on the official test images"


def test_an_official_split_is_said_not_to_be_used_where_there_is_one(study):
    published = images_said(study, split="train")
    assert "MNIST comes in parts (60 000 and 10 000 images)." in published
    assert ANEW in published
    assert OFFICIAL in published
    own = images_said(study, split=None)
    assert "**The images.** MNIST comes in parts (60 000 and 10 000 images). All images are pooled" in own
    assert "official" not in own.replace(escape(study.params.dataset("mnist").note), "")


def test_the_official_test_images_are_said_to_be_the_test_split_where_they_are(study):
    text = images_said(study, official=True, split="train")
    assert "The official test images are the test split; all others are pooled" in text
    assert ANEW not in text
    assert OFFICIAL not in text


def test_images_of_one_part_are_said_to_be_pooled_and_nothing_of_parts(study):
    text = images_said(study, kept=1)
    assert "parts" not in text.split("All images are pooled")[0]
    assert text.startswith("**The images.** All images are pooled, put into an order drawn from seed 42")


def test_groups_are_said_to_stay_together_where_there_are_any(study):
    group = {"patient": ImageGroup(images=60_000, label=0)}
    assert "Images of MNIST that belong together" in images_said(study, kept=1, groups=group)
    assert "belong together" not in images_said(study)


def test_networks_other_than_resnets_may_have_no_batch_normalisation(study):
    assert "Batch normalisation then uses" in light(study)
    train = study.params.train
    other = train.model_copy(
        update={"grid": train.grid.model_copy(update={"model": ["lenet5"]}), "channels": 1}
    )
    text = light(replace(study, params=study.params.model_copy(update={"train": other})))
    assert "**The network** is LeNet-5." in text
    assert "Batch normalisation, where a network has it, then uses" in text
    assert "; the first layer takes one channel." in text
