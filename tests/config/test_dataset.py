"""A declaration says everything of a dataset, and nothing that the rest could stumble over."""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError

from conftest import DECLARED
from gridpress.config.dataset import Dataset

SHA = "a" * 64


def content(**changes):
    """Two classes, two parts, images of 3 x 4 pixels in three channels."""
    names = ["a.images", "a.labels", "b.images", "b.labels"]
    return {
        "title": "Two Shapes",
        "classes": ["circle", "square"],
        "height": 3,
        "width": 4,
        "channels": 3,
        "parts": [
            {"images": f"{part}.images", "labels": f"{part}.labels", "number": number}
            for part, number in (("a", 5), ("b", 2))
        ],
        "files": {name: {"size": 10 + at, "sha256": SHA} for at, name in enumerate(names)},
        "sources": [{"mirror": "https://example.org/shapes"}],
        "citation": "Nobody (2026). Shapes.",
        "licence": "none",
        "marker": "o",
    } | copy.deepcopy(changes)


def group(images, label):
    return {"images": images, "label": label}


def test_what_is_declared_gives_counts_and_shape():
    dataset = Dataset.model_validate(content())
    assert (dataset.images, dataset.shape, dataset.pixels) == (7, (3, 3, 4), 36)
    assert (dataset.side, dataset.square) == (4, False)
    assert Dataset.model_validate(content(width=3)).square
    assert dataset.note is None


def test_the_format_names_every_file_with_what_it_must_be_in_the_order_of_the_parts():
    wanted = Dataset.model_validate(content()).format
    assert (wanted.shape, wanted.classes) == ((3, 3, 4), 2)
    assert [(part.images.name, part.labels.name, part.number) for part in wanted.parts] == [
        ("a.images", "a.labels", 5),
        ("b.images", "b.labels", 2),
    ]
    assert [pinned.pin for part in wanted.parts for pinned in (part.images, part.labels)] == [
        (SHA, 10),
        (SHA, 11),
        (SHA, 12),
        (SHA, 13),
    ]


PARTS, FILES = content()["parts"], content()["files"]
FILE = {"size": 1, "sha256": SHA}
GROUPED = [
    PARTS[0] | {"groups": {"p": group(3, 0), "q": group(2, 1)}},
    PARTS[1] | {"groups": {"q": group(2, 1)}},
]
FAULTS = {
    "a title that Markdown reads": ({"title": "*Shapes*"}, "must begin with a letter or digit"),
    "a title that is too long": ({"title": "x" * 61}, "at most 60 characters"),
    "a title that ends a sentence": ({"title": "No. 1"}, "must begin with a letter or digit"),
    "a class of two names": ({"classes": ["circle", "circle"]}, "may hold every class only once"),
    "a single class": ({"classes": ["circle"]}, "at least 2"),
    "a class that HTML reads": ({"classes": ["circle", "<b>"]}, "must begin with a letter or digit"),
    "no height": ({"height": 0}, "whole number from 1"),
    "an image too wide": ({"width": 4097}, "less than or equal to 4096"),
    "two channels": ({"channels": 2}, "1 or 3"),
    "no parts": ({"parts": []}, "at least 1"),
    "a file that no part names": ({"parts": PARTS[:1]}, r"parts names a\.images, a\.labels; files a\.i"),
    "a part whose files are not declared": ({"files": {"a.images": FILE}}, "parts names"),
    "a file of two parts": ({"parts": [PARTS[0], PARTS[0]]}, "parts names"),
    "more images than can be": ({"parts": [PARTS[0], PARTS[1] | {"number": 10_000_000}]}, "at most 10000000"),
    "a split that is none": ({"parts": [PARTS[0] | {"split": "dev"}, PARTS[1]]}, "'train', 'validation' or"),
    "groups of other images": (
        {"parts": [GROUPED[0] | {"groups": {"p": group(4, 0)}}, GROUPED[1]]},
        "hold 4",
    ),
    "groups in some parts": ({"parts": [GROUPED[0], PARTS[1]]}, "all need them, or none"),
    "a group of another class": (
        {"parts": [GROUPED[0] | {"groups": {"p": group(5, 2)}}, GROUPED[1]]},
        "label 2",
    ),
    "a hash that is none": ({"files": FILES | {"a.images": FILE | {"sha256": "A"}}}, "pattern"),
    "a file outside of the folder": ({"files": {"../a": FILE}}, "pattern"),
    "a mirror that is none": ({"sources": [{"mirror": "ftp://example.org"}]}, "pattern"),
    "a source of two kinds": ({"sources": [{"npm": "a", "debian": "b", "member": "{}"}]}, "Extra inputs"),
    "a citation of two lines": ({"citation": "a\nb"}, "one line of printable text"),
    "a note that turns the direction of writing": ({"note": "a\u202eb"}, "one line of printable text"),
    "a marker that plots lack": ({"marker": "*"}, "'o', 's'"),
    "a key that is unknown": ({"colour": "red"}, "Extra inputs"),
}


@pytest.mark.parametrize(("changes", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_declaration_is_refused_that_holds(changes, reason):
    with pytest.raises(ValidationError, match=reason):
        Dataset.model_validate(content(**changes))


def test_parts_say_what_they_were_published_as_and_which_images_belong_together():
    parts = [GROUPED[0] | {"split": "train"}, GROUPED[1] | {"split": "test"}]
    first, second = Dataset.model_validate(content(parts=parts)).division
    assert (first.images, first.test, first.groups) == (5, False, (("p", 3, 0), ("q", 2, 1)))
    assert (second.images, second.test, second.groups) == (2, True, (("q", 2, 1),))


@pytest.mark.parametrize("title", ["CIFAR-10", "EMNIST (letters, balanced)", "Ägypten", "v1.0 a/b"])
def test_a_plain_title_is_taken(title):
    assert Dataset.model_validate(content(title=title)).title == title


def test_both_frozen_declarations_are_of_ten_classes_and_70000_images():
    assert {(dataset.images, len(dataset.classes)) for dataset in DECLARED.values()} == {(70_000, 10)}
