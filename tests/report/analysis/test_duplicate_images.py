from __future__ import annotations

from dataclasses import replace

import pytest

from gridpress.report.analysis.duplicate_images import Duplicates, duplicate_images
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.limitations.limitations import limits


def with_duplicates(study: Study, *sets: list[int]) -> Study:
    record = study.data["mnist"].model_copy(update={"duplicates": [sorted(same) for same in sets]})
    return replace(study, data={"mnist": record})


def said(study: Study) -> str:
    return " ".join(paragraphs("setup", {}, study=study, limits=limits(study)).split())


@pytest.fixture(scope="module")
def by_split(study) -> dict[str, list[int]]:
    """Images of one class, of each split, and others that no split uses."""
    labels, splits = study.data["mnist"].true_labels(), study.splits("mnist")
    used = {name: getattr(splits, name).tolist() for name in ("train", "validation", "test")}
    unused = sorted(set(range(len(labels))) - {index for indices in used.values() for index in indices})
    return {
        name: [index for index in indices if labels[index] == 3]
        for name, indices in {**used, "unused": unused}.items()
    }


@pytest.mark.parametrize(
    ("first", "second", "trained"),
    [
        ("test", "train", 1),
        ("test", "validation", 1),
        ("test", "test", 0),
        ("test", "unused", 0),
        ("train", "train", 0),
        ("unused", "train", 0),
    ],
)
def test_a_test_image_counts_where_a_training_or_validation_image_used_is_the_same(
    study, by_split, first, second, trained
):
    [found] = duplicate_images(with_duplicates(study, [by_split[first][0], by_split[second][1]]))
    assert (found.images, found.labelled, found.trained) == (2, 0, trained)
    assert (found.pooled, found.tested) == (70_000, study.used("mnist", "test"))


def test_all_test_images_of_a_set_count_and_sets_add_up(study, by_split):
    test, train = by_split["test"], by_split["train"]
    [found] = duplicate_images(
        with_duplicates(study, [*test[:3], train[0]], [test[3], *train[1:3]], test[4:6])
    )
    assert (found.images, found.trained) == (9, 4)


def test_the_same_pixels_under_different_labels_are_counted(study):
    labels = study.data["mnist"].true_labels()
    assert len({*labels[:3].tolist()}) == 3
    [found] = duplicate_images(with_duplicates(study, [0, 1, 2], [3, 13]))
    assert (found.images, found.labelled) == (5, 3)


def test_a_dataset_without_any_has_none(study):
    assert all(found[2:4] == (0, 0) and found.trained == 0 for found in duplicate_images(study))
    assert [found.dataset for found in duplicate_images(study)] == list(study.data)
    assert Duplicates._fields[2:4] == ("images", "labelled")


def test_the_setup_says_what_is_the_same(study, by_split):
    test, train = by_split["test"], by_split["train"]
    assert "No two images of MNIST are the same to the pixel." in said(with_duplicates(study))
    text = said(with_duplicates(study, [test[0], train[0]], train[1:3]))
    assert (
        "Of the 70 000 images of MNIST, 4 are the same to the pixel as another one; 1 of the test images "
        "used is the same as a training or validation image used." in text
    )
    text = said(with_duplicates(study, [0, 1]))
    assert "2 are the same to the pixel as another one, 2 of them under different labels; none of" in text


def test_the_limits_name_only_what_is_in_several_splits(study, by_split):
    def text(*sets: list[int]) -> str:
        changed = with_duplicates(study, *sets)
        return " ".join(paragraphs("limits", {}, study=changed, limits=limits(changed)).split())

    assert "The same images in several splits" not in text(by_split["train"][:2])
    images = study.used("mnist", "test")
    assert (
        f"3 of the {images:,} test images of MNIST ({300 / images:.2f} %) are the same to the pixel as a "
        "training or validation image".replace(",", " ")
        in text([*by_split["test"][:3], by_split["train"][0]])
    )
