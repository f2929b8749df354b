"""A declaration says what was stored, and nothing that the rest could not read or show."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.adding.collection import Collection, Part
from gridpress.adding.declaring import as_yaml, check, declaration, plain_name, plain_names
from gridpress.config.declared import read
from gridpress.data.loading import Pin
from gridpress.errors import InputError

FILES = ("train-images.idx", "train-labels.idx", "test-images.idx", "test-labels.idx")
PINS = {name: Pin(f"{at:064x}", 100 + at) for at, name in enumerate(FILES)}
TITLE = {"title": "Mine"}


def made(classes=("cat", "dog"), groups=None, origin="pictures", shape=(3, 8, 9)) -> Collection:
    labels = np.arange(len(classes))
    parts = [
        Part(split, labels, [str(label) for label in labels], lambda: iter(()), groups)
        for split in ("train", "test")
    ]
    return Collection([*classes], shape, parts, origin)


@pytest.fixture
def written(tmp_path):
    """The declaration as every command reads it."""

    def parsed(collection, known=TITLE, markers=()):
        (tmp_path / "mine.yaml").write_text(as_yaml(declaration(collection, PINS, known, markers)), "utf-8")
        return read(tmp_path / "mine.yaml")

    return parsed


def test_it_says_what_was_stored(written):
    dataset = written(made())
    assert (dataset.title, dataset.classes, dataset.shape) == ("Mine", ["cat", "dog"], (3, 8, 9))
    assert [(part.images, part.labels, part.number, part.split) for part in dataset.parts] == [
        ("train-images.idx", "train-labels.idx", 2, "train"),
        ("test-images.idx", "test-labels.idx", 2, "test"),
    ]
    assert dataset.pins == PINS
    assert dataset.parts[0].groups is None
    assert dataset.sources == []
    assert dataset.citation == "Mine, taken in from pictures"
    assert dataset.licence == "not stated"


def test_what_is_known_is_said(written):
    known = {
        "title": "CIFAR-10",
        "citation": "K, A. (2009).",
        "licence": "MIT",
        "note": "Small.",
        "sources": [{"library": "torchvision:CIFAR10"}],
    }
    dataset = written(made(), known)
    assert (dataset.title, dataset.citation, dataset.licence, dataset.note) == (
        "CIFAR-10",
        "K, A. (2009).",
        "MIT",
        "Small.",
    )
    assert dataset.sources[0].library == "torchvision:CIFAR10"


def test_it_begins_with_what_a_person_may_edit():
    text = as_yaml(declaration(made(), PINS, TITLE, ()))
    assert text.startswith(
        "# Written by `gridpress add`. Title, names of classes, citation, licence and note"
    )
    assert "\nclasses: [cat, dog]\nheight: 8\n" in text
    assert "\n  test-labels.idx: {size: 103, sha256: '" in text


def test_the_marker_is_one_that_no_other_dataset_has(written):
    assert written(made()).marker == "o"
    assert written(made(), markers={"o", "s", "D"}).marker == "^"
    assert written(made(), markers=set("os^DvPXph")).marker == "o"


YAML_WORDS = [
    "null",
    "~x",
    "true",
    "yes",
    "no",
    "on",
    "1",
    "01",
    "0x1F",
    "1e3",
    "0o17",
    "1_000",
    "2020-01-01",
    "0b1",
]
YAML_WORDS += [".inf"[1:], "NaN", "a: b", "a, b", "a '", "12:30:00", "1.5", "x'y", "A - B", "é", "日本"]


def test_names_that_mean_something_in_yaml_come_back_as_they_are(written):
    names = [*map(plain_name, YAML_WORDS)]
    assert written(made(names)).classes == names


def test_groups_are_counted_with_the_class_of_most_of_their_images(written):
    labels = np.array([1, 0, 0, 1])
    part = Part("train", labels, [*"abcd"], lambda: iter(()), ["p1", "p2", "p2", "p2"])
    test = Part("test", np.array([0]), ["e"], lambda: iter(()), ["null"])
    dataset = written(Collection(["cat", "dog"], (1, 8, 8), [part, test], "x"))
    assert {name: (of.images, of.label) for name, of in dataset.parts[0].groups.items()} == {
        "p1": (1, 1),
        "p2": (3, 0),
    }
    assert [*dataset.parts[1].groups] == ["null"]


def test_a_thousand_classes_can_be_declared(written):
    assert len(written(made([f"class {number}" for number in range(1000)])).classes) == 1000


def test_too_many_groups_are_refused_before_the_images_are_read():
    labels = np.arange(15_000) % 2
    groups = [f"patient {number:050}" for number in range(15_000)]
    part = Part(None, labels, groups, lambda: pytest.fail("images are read"), groups)
    with pytest.raises(
        InputError, match=r"^its declaration would be larger than 1 MiB: it has too many groups"
    ):
        check(Collection(["a", "b"], (1, 8, 8), [part], "x"), TITLE, ())


def test_what_cannot_be_declared_is_refused_in_words():
    with pytest.raises(InputError, match=r"^its declaration: height is 5000; it must be less than or equal"):
        check(made(shape=(3, 5000, 9)), TITLE, ())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("St. Bernard", "St Bernard"),
        ("v1.5", "v1.5"),
        ("a.", "a"),
        ("a.. b", "a b"),
        ("a . b", "a b"),
        ("a.<b", "a b"),
        ("<b>bold</b>", "b bold /b"),
        ("a\nb\tc", "a b c"),
        ("\u202eevil", "evil"),
        ("..hidden", "hidden"),
        ("cafe\u0301", "café"),
        ("  a   b ", "a b"),
        ("$x_1$", "x_1"),
        ("it's (a+b)/2: yes", "it's (a+b)/2: yes"),
        ("\ud800a", "a"),
        ("\x1b[31m", "31m"),
        ("<>", ""),
        ("", ""),
        ("x" * 61, "x" * 60),
        ("x" * 59 + " y", "x" * 59),
        ("x" * 59 + ". y", "x" * 59),
    ],
)
def test_a_name_holds_what_everything_can_show(text, plain):
    assert plain_name(text) == plain


@pytest.mark.parametrize("names", [("C", "C#"), ("a.", "a"), ("x" * 61, "x" * 60 + "y"), ("e\u0301", "é")])
def test_classes_that_would_be_called_the_same_are_refused(names):
    with pytest.raises(InputError, match=r"cannot be told from others by .*: rename it$") as error:
        plain_names(names)
    assert str(error.value).isprintable()


def test_a_class_without_a_letter_is_refused():
    with pytest.raises(InputError, match=r"^the class '<>' cannot be told from others by '', which is what"):
        plain_names(["a", "<>"])


@pytest.mark.parametrize(
    ("given", "title"), [("My <b>images</b>", "My b images /b"), ("\u202e", "Images"), ("x" * 99, "x" * 60)]
)
def test_a_title_holds_what_everything_can_show(written, given, title):
    assert written(made(), {"title": given}).title == title


@pytest.mark.parametrize("origin", ["a\nb", "\u202ex", "x" * 500, "{{< include x >}}", "a: b #c"])
def test_where_it_came_from_is_quoted_whatever_it_is_called(written, origin):
    assert written(made(origin=origin)).citation.startswith("Mine, taken in from ")
