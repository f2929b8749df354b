"""A dataset is taken in whole, or nothing of it is left; what is said of it, and what is next."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

import numpy as np
import pytest

from adding.conftest import NAME, class_folders, declaration, little_memory, loaded, noise, save, seen
from gridpress.adding.known import FOLDER as KNOWN
from gridpress.config.declared import FOLDER, declared
from gridpress.errors import GridpressError, InputError
from made_up import idx, read_all, tree, write_all


def sources(root):
    """One of each kind."""
    class_folders(root / "folder", shape=(8, 8))
    write_all(root / "idx", {"images-idx3": idx(noise(6, 8, 8)), "labels-idx1": idx(np.arange(6) % 2)})
    rows = [",".join(map(str, [at % 2, *image.reshape(-1)])) for at, image in enumerate(noise(6, 8, 8))]
    write_all(root, {"table.csv": "\n".join(rows).encode()})
    np.savez_compressed(root / "x.npz", images=noise(6, 8, 8), labels=np.arange(6) % 2)
    return [root / "folder", root / "idx", root / "table.csv", root / "x.npz", "sklearn:digits"]


def test_what_was_taken_in_is_pixels_and_a_declaration_beside_the_others(study, take, tmp_path):
    before = tree(study.root)
    class_folders(tmp_path / "x")
    take(tmp_path / "x")
    added = {path: content for path, content in tree(study.root).items() if path not in before}
    assert {path for path, content in added.items() if content is not None} == {
        "data/datasets/mine.yaml",
        "data/raw/mine/all-images.idx",
        "data/raw/mine/all-labels.idx",
    }
    assert {path: tree(study.root)[path] for path in before} == before
    assert {*declared(study.root)} == {"mnist", "fashion_mnist", "mine"}


def test_the_same_source_gives_the_same_bytes_twice(study, take, tmp_path):
    for source in sources(tmp_path):
        found = []
        for _ in range(2):
            take(source)
            found.append(tree(study.root))
            shutil.rmtree(study.raw(NAME))
            (study.root / FOLDER / f"{NAME}.yaml").unlink()
        assert found[0] == found[1]


@pytest.mark.parametrize("classes", [2, 255, 256, 257, 300, 1000])
def test_two_to_a_thousand_classes_are_loaded_as_they_were(study, take, tmp_path, classes):
    images, labels = noise(classes + 5, 8, 8), np.arange(classes + 5) % classes
    np.savez(tmp_path / "x.npz", images=images, labels=labels)
    take(tmp_path / "x.npz")
    assert len(declaration(study).classes) == loaded(study).classes == classes
    assert np.array_equal(loaded(study).labels, labels)
    assert np.array_equal(seen(study), images)
    size = declaration(study).files["all-labels.idx"].size
    assert size == 8 + len(labels) * (1 if classes <= 256 else 2)


def test_class_folders_of_three_hundred_numbers_are_labelled_in_their_order(study, take, tmp_path):
    for number in range(300):
        save(tmp_path / "x" / str(number) / "1.png", np.full((8, 8), number % 251, np.uint8))
    take(tmp_path / "x")
    assert loaded(study).labels.tolist() == [*range(300)]
    assert seen(study)[:, 0, 0].tolist() == [number % 251 for number in range(300)]


def test_what_is_said_is_what_was_taken_in_and_what_is_next(take, tmp_path):
    names = [
        f"{part}/{name}/{at}.png"
        for part, number in (("train", 3), ("test", 2))
        for name in "ab"
        for at in range(number)
    ]
    class_folders(tmp_path / "x", [*names, "train/a/9.png"])
    assert take(tmp_path / "x").splitlines() == [
        "mine: 2 classes, 8 x 9 pixels, grey",
        "  train: 7 images, 3 to 4 of a class",
        "  test: 4 images, 2 of each class",
        "written: data/datasets/mine.yaml, data/raw/mine",
        "",
        "Complete title, citation and licence in data/datasets/mine.yaml. Then, in params.yaml:",
        "",
        "  datasets:",
        "  - mine",
        "",
        "`gridpress check` says what that asks for, `make report` computes it, `dvc push` keeps the pixels.",
        "`test: official` in data.split makes its own test part the test split.",
    ]


def test_only_a_test_part_is_offered_as_the_test_split(take, tmp_path):
    class_folders(tmp_path / "x")
    assert "official" not in take(tmp_path / "x")


def test_duplicates_are_counted_and_named_and_those_of_several_parts_apart(take, tmp_path):
    class_folders(
        tmp_path / "x",
        [f"{part}/{name}/{at}.png" for part in ("train", "test") for name in "ab" for at in "12"],
    )
    for copy, of in [("train/a/2", "train/a/1"), ("train/b/3", "train/a/1"), ("test/b/1", "train/b/1")]:
        shutil.copy(tmp_path / "x" / f"{of}.png", tmp_path / "x" / f"{copy}.png")
    said = take(tmp_path / "x")
    assert "  the same to the pixel: 2 images, such as train/a/1.png, train/a/2.png, train/b/3.png\n" in said
    assert "  of these in more than one part: 1 image, such as train/b/1.png, test/b/1.png\n" in said


def test_the_same_picture_in_two_formats_is_a_duplicate(take, tmp_path):
    pixels = class_folders(tmp_path / "x")
    save(tmp_path / "x" / "dog" / "3.bmp", pixels["cat/1.png"])
    assert "the same to the pixel: 1 image, such as cat/1.png, dog/3.bmp\n" in take(tmp_path / "x")


def test_nothing_is_said_of_duplicates_where_there_are_none(take, tmp_path):
    class_folders(tmp_path / "x")
    assert "the same" not in take(tmp_path / "x")


def test_the_title_is_the_name_unless_another_is_given(study, take):
    take("sklearn:digits")
    take("sklearn:digits", name="other", title="Digits of old")
    assert declaration(study).title == "mine"
    assert declaration(study, "other").title == "Digits of old"


@pytest.fixture
def known(study):
    (study.root / KNOWN).mkdir()
    (study.root / KNOWN / "digits.yaml").write_text(
        "source: sklearn:digits\ntitle: Digits\ncitation: A. (1998).\nlicence: CC BY 4.0\nnote: Small.\n"
    )


@pytest.mark.usefixtures("known")
def test_a_known_dataset_needs_no_source(study, take):
    take(None, name="digits")
    dataset = declaration(study, "digits")
    assert (dataset.title, dataset.citation, dataset.licence, dataset.note) == (
        "Digits",
        "A. (1998).",
        "CC BY 4.0",
        "Small.",
    )
    assert [source.library for source in dataset.sources] == ["sklearn:digits"]


@pytest.mark.usefixtures("known")
def test_a_title_of_ones_own_is_used_for_a_known_dataset_too(study, take):
    take(None, name="digits", title="Mine")
    assert declaration(study, "digits").title == "Mine"


@pytest.mark.usefixtures("known")
def test_a_source_of_ones_own_for_a_known_name_has_nothing_of_what_is_known(study, take, tmp_path):
    class_folders(tmp_path / "x")
    take(tmp_path / "x", name="digits")
    assert declaration(study, "digits").licence == "not stated"


@pytest.mark.usefixtures("known")
def test_another_name_without_a_source_is_refused(refuse):
    assert refuse(None) == "mine needs a SOURCE; known without one: digits."


@pytest.mark.parametrize(
    "name",
    ["a/b", "../x", "a<b", "a\nb", "a\u202eb", "", ".", "-x", "a b", "ä", "x" * 101, "\udc80", "a\x00"],
)
def test_a_name_that_cannot_be_one_is_refused(refuse, name):
    assert refuse("sklearn:digits", name=name).startswith("NAME is '")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "mnist",
            "mnist is declared already, in data/datasets/mnist.yaml: put it into `datasets` of params.yaml",
        ),
        ("fashion_mnist", "fashion_mnist is declared already"),
        ("stray", "data/raw/stray is there already, though stray is not declared: move it elsewhere"),
    ],
)
def test_a_name_that_is_taken_is_refused(study, refuse, name, why):
    write_all(study.raw("stray"), {"precious": b"precious"})
    assert refuse("sklearn:digits", name=name).startswith(why)


def test_a_name_is_taken_once_it_was_added(take, refuse):
    take("sklearn:digits")
    assert refuse("sklearn:digits").startswith("mine is declared already")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda _: None, "x is not there; SOURCE may be a folder of class folders"),
        (lambda path: path.mkdir(), "x is none of what can be taken in: a folder of class folders"),
        (lambda path: save(path / "1.png", noise(8, 8)), "x is none of what can be taken in"),
        (lambda path: (path / "cat").mkdir(parents=True), "x is none of what can be taken in"),
        (lambda path: path.write_text("text"), "x is none of what can be taken in"),
        (os.mkfifo, "x is none of what can be taken in"),
        (lambda path: path.symlink_to(path), "x is not there"),
    ],
)
def test_what_is_no_source_is_refused_with_what_could_be_one(refuse, tmp_path, make, why):
    make(tmp_path / "x")
    said = refuse(tmp_path / "x")
    assert why in said
    assert said.endswith("torchvision:CIFAR10 and others")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "SOURCE is empty; it may be a folder of class folders"),
        ("x" * 300, "File name too long"),
        ("x\n\u202e", "x\\n\\u202e is not there; SOURCE may be"),
        ("\udcff", "\\udcff is not there; SOURCE may be"),
        ("~nobody/x", "~nobody/x is not there; SOURCE may be"),
        ("a\0b", "a\\x00b is not there; SOURCE may be"),
        ("/dev/null", "/dev/null is none of what can be taken in"),
    ],
)
def test_a_source_that_cannot_be_one_is_refused_in_words(refuse, monkeypatch, tmp_path, source, why):
    monkeypatch.chdir(tmp_path)
    assert why in refuse(source)


def test_a_source_may_be_the_working_folder(study, take, monkeypatch, tmp_path):
    class_folders(tmp_path / "pets")
    monkeypatch.chdir(tmp_path / "pets")
    take(".")
    assert declaration(study).citation == "mine, taken in from pets"


@pytest.mark.parametrize(
    ("at", "option"),
    [
        (1, {"size": (8, 8)}),
        (1, {"group": "x"}),
        (2, {"group": "x"}),
        (3, {"size": (8, 8)}),
        (3, {"group": "x"}),
    ],
)
def test_options_that_a_source_cannot_follow_are_refused(refuse, tmp_path, at, option):
    assert refuse(sources(tmp_path)[at], **option).startswith(f"--{next(iter(option))} is for ")


@contextmanager
def interrupting(title, total, after=2):  # noqa: ARG001
    """Where the person at the keyboard gives up after some images."""
    seen_so_far = 0

    def advance(amount=1, note=None):  # noqa: ARG001
        nonlocal seen_so_far
        seen_so_far += 1
        if title.startswith("add") and seen_so_far == after:
            raise KeyboardInterrupt

    yield advance


@pytest.mark.parametrize("at", range(5))
def test_nothing_is_left_of_what_was_interrupted(study, take, tmp_path, at):
    source = sources(tmp_path)[at]
    before = tree(study.root)
    with pytest.raises(KeyboardInterrupt):
        take(source, show=interrupting)
    assert tree(study.root) == before
    take(source)
    assert loaded(study).classes in {2, 10}


def test_what_cannot_be_declared_is_refused_before_the_images_are_read(refuse, tmp_path):
    @contextmanager
    def patient(title, _):
        assert not title.startswith("add")
        yield lambda *_: None

    class_folders(tmp_path / "x", ["C/1.png", "C#/1.png"])
    assert "cannot be told from others by 'C'" in refuse(tmp_path / "x", show=patient)


def test_what_a_killed_one_left_is_cleaned_up(study, take):
    write_all(study.raw(f".{NAME}.partial") / "deep", {"half": b"half"})
    take("sklearn:digits")
    assert {path.name for path in study.raw(NAME).parent.iterdir()} == {"mnist", NAME}


def test_pixels_without_a_declaration_are_not_left(study, take):
    before = tree(study.root)
    in_the_way = study.root / FOLDER / f".{NAME}.yaml.{os.getpid()}.partial"
    in_the_way.mkdir()
    with pytest.raises(GridpressError, match=r"cannot write .*mine.yaml: Is a directory") as error:
        take("sklearn:digits")
    assert error.value.exit_code == 1
    in_the_way.rmdir()
    assert tree(study.root) == before


def test_a_folder_that_cannot_be_written_is_named(study, take):
    shutil.rmtree(study.root / "data" / "raw")
    (study.root / "data" / "raw").write_text("in the way")
    with pytest.raises(GridpressError, match=r"^cannot write .*/data/raw: File exists$"):
        take("sklearn:digits")
    assert not (study.root / FOLDER / "mine.yaml").exists()


def test_what_came_in_between_is_not_overwritten(study, take):
    @contextmanager
    def meanwhile(*_):
        write_all(study.raw(NAME), {"precious": b"precious"})
        yield lambda *_: None

    with pytest.raises(GridpressError, match=r"^cannot write .*/data/raw/mine: Directory not empty"):
        take("sklearn:digits", show=meanwhile)
    assert read_all(study.raw(NAME)) == {"precious": b"precious"}
    assert not (study.root / FOLDER / "mine.yaml").exists()


def test_of_two_at_once_under_one_name_the_second_is_refused_and_the_first_undisturbed(study, take, refuse):
    @contextmanager
    def meanwhile(*_):
        assert "mine is being added by another process" in refuse("sklearn:digits")
        yield lambda *_: None

    take("sklearn:digits", show=meanwhile)
    assert loaded(study).classes == 10
    assert {path.name for path in study.raw(NAME).parent.iterdir()} == {"mnist", NAME}


def test_a_name_that_was_taken_while_the_source_was_read_is_refused(study, take, tmp_path):
    class_folders(tmp_path / "x", ["a/1.png", "b/1.png"])
    first = []

    @contextmanager
    def meanwhile(title, _):
        if title.startswith("look at"):
            first.append(take("sklearn:digits"))
        yield lambda *_: None

    with pytest.raises(InputError, match="mine is declared already"):
        take(tmp_path / "x", show=meanwhile)
    assert len(first) == 1
    assert loaded(study).classes == 10


def test_a_broken_declaration_of_another_dataset_is_named(study, refuse):
    (study.root / FOLDER / "mnist.yaml").write_text("[")
    assert refuse("sklearn:digits").startswith("mnist.yaml, line 1, column 2: not valid YAML")


def test_some_thousand_images_take_little_memory(study, take, tmp_path):
    images = noise(4000, 64, 64)
    write_all(tmp_path / "x", {"images-idx3": idx(images), "labels-idx1": idx(np.arange(4000) % 9)})
    with little_memory(14):  # of 16 that they are, and 48 that three copies would be
        take(tmp_path / "x")
    assert np.array_equal(seen(study), images)
