"""Class folders in every arrangement are read as a person means them."""

from __future__ import annotations

import os
import shutil
import threading
import time

import numpy as np
import pytest
from PIL import Image

from adding.conftest import class_folders, declaration, little_memory, loaded, noise, quiet, save, seen
from gridpress.adding.folder import arrange, is_one, read
from gridpress.data.splits import Splits, split
from gridpress.errors import InputError
from gridpress.system.resources import usable_cores


def read_in(source, size=None, fit="crop", group=None):
    return read(source, size, fit, group, quiet)


def found_in(source):
    """Class, split and path of every picture."""
    layout = arrange(source)
    return [
        (layout.classes[found.label], found.split, found.path.relative_to(source).as_posix())
        for found in layout.pictures
    ]


def test_folders_are_classes_and_pictures_come_by_class_and_name(study, take, tmp_path):
    names = ["b/2.png", "b/10.png", "a/x.png", "b/inner/0.png"]
    pixels = class_folders(tmp_path / "x", names)
    take(tmp_path / "x")
    assert declaration(study).classes == ["a", "b"]
    assert loaded(study).labels.tolist() == [0, 1, 1, 1]
    order = ["a/x.png", "b/10.png", "b/2.png", "b/inner/0.png"]
    assert np.array_equal(seen(study), [pixels[name] for name in order])
    [part] = declaration(study).parts
    assert (part.images, part.labels, part.number, part.split) == (
        "all-images.idx",
        "all-labels.idx",
        4,
        None,
    )


@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "PNG", "JpEg"])
def test_pictures_are_known_by_their_ending_in_any_case(tmp_path, ending):
    for name in ("a", "b"):
        save(tmp_path / name / f"x.{ending}", noise(8, 8, 3))
    assert len(arrange(tmp_path).pictures) == 2


@pytest.mark.parametrize(
    ("folders", "splits"),
    [
        (("train", "test"), ["train", "test"]),
        (("train", "val", "test"), ["train", "validation", "test"]),
        (("Training", "valid"), ["train", "validation"]),
        (("TRAIN", "Testing"), ["train", "test"]),
    ],
)
def test_parts_are_the_folders_above_the_classes_and_training_comes_first(
    study, take, tmp_path, folders, splits
):
    pixels = class_folders(
        tmp_path / "x", [f"{part}/{name}/1.png" for part in folders for name in ("b", "a")]
    )
    take(tmp_path / "x")
    parts = declaration(study).parts
    assert [part.split for part in parts] == splits
    assert [part.images for part in parts] == [f"{name}-images.idx" for name in splits]
    assert loaded(study).labels.tolist() == [0, 1] * len(folders)
    wanted = [pixels[f"{part}/{name}/1.png"] for part in folders for name in ("a", "b")]
    assert np.array_equal(seen(study), wanted)


def test_a_class_may_lack_in_a_part(study, take, tmp_path):
    class_folders(tmp_path / "x", ["train/a/1.png", "train/b/1.png", "test/b/1.png", "test/c/1.png"])
    take(tmp_path / "x")
    assert declaration(study).classes == ["a", "b", "c"]
    assert loaded(study).labels.tolist() == [0, 1, 1, 2]


def test_a_class_may_be_called_train_or_test(tmp_path):
    class_folders(tmp_path, ["train/1.png", "test/1.png", "plane/1.png"])
    assert found_in(tmp_path) == [
        ("plane", None, "plane/1.png"),
        ("test", None, "test/1.png"),
        ("train", None, "train/1.png"),
    ]


def test_a_class_called_train_may_hold_a_folder_of_other_files(tmp_path):
    class_folders(tmp_path, ["train/1.png", "plane/1.png"])
    (tmp_path / "train" / "notes").mkdir()
    (tmp_path / "train" / "notes" / "x.txt").write_text("")
    assert arrange(tmp_path).classes == ["plane", "train"]
    assert arrange(tmp_path).left_out == ["train/notes/x.txt"]


def test_a_class_may_be_called_train_below_the_part_train(tmp_path):
    class_folders(tmp_path, ["train/train/1.png", "train/plane/1.png", "test/train/1.png"])
    assert found_in(tmp_path) == [
        ("plane", "train", "train/plane/1.png"),
        ("train", "test", "test/train/1.png"),
        ("train", "train", "train/train/1.png"),
    ]


@pytest.mark.parametrize("outer", ["archive", "archive/images", "archive/a/b/c"])
@pytest.mark.parametrize("inner", ["", "train"])
def test_the_outer_folder_of_an_archive_is_passed_by(study, take, tmp_path, outer, inner):
    class_folders(tmp_path / "x" / outer / inner)
    (tmp_path / "x" / "README.txt").write_text("")
    take(tmp_path / "x")
    assert declaration(study).classes == ["cat", "dog"]
    assert declaration(study).parts[0].split == (inner or None)


def test_other_files_are_left_out_and_named(take, tmp_path):
    class_folders(tmp_path / "x")
    for name in ("README.md", "cat/film.gif", "cat/notes.txt", "dog/.DS_Store"):
        (tmp_path / "x" / name).write_bytes(b"")
    assert "  left out 3 files: README.md, cat/film.gif, cat/notes.txt\n" in take(tmp_path / "x")


def test_pictures_beside_the_parts_are_left_out_and_named(take, tmp_path):
    class_folders(tmp_path / "x", ["train/a/1.png", "train/b/1.png", "test/9.png", "other/1.png"])
    assert "  left out 2 files (2 pictures among them): other/1.png, test/9.png\n" in take(tmp_path / "x")


def test_nothing_is_said_where_nothing_is_left_out(take, tmp_path):
    class_folders(tmp_path / "x")
    assert "left out" not in take(tmp_path / "x")


def test_hidden_files_and_what_macos_adds_are_ignored(tmp_path):
    class_folders(tmp_path)
    for name in (".git/1.png", "__MACOSX/cat/1.png", "cat/.1.png", "cat/__MACOSX/1.png", ".hidden.png"):
        save(tmp_path / name, noise(8, 8))
    layout = arrange(tmp_path)
    assert layout.classes == ["cat", "dog"]
    assert len(layout.pictures) == 4
    assert layout.left_out == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_no_picture_whatever_it_is_called(tmp_path, make):
    class_folders(tmp_path)
    make(tmp_path / "cat" / "3.png")
    assert len(arrange(tmp_path).pictures) == 4


def test_linked_classes_and_pictures_are_followed_and_circles_are_not(tmp_path):
    class_folders(tmp_path / "far")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "cat").symlink_to(tmp_path / "far" / "cat")
    (tmp_path / "x" / "dog").mkdir()
    (tmp_path / "x" / "dog" / "1.png").symlink_to(tmp_path / "far" / "dog" / "1.png")
    (tmp_path / "x" / "dog" / "circle").symlink_to(tmp_path / "x")
    assert [name for name, *_ in found_in(tmp_path / "x")] == ["cat", "cat", "dog"]


def test_numeric_names_are_in_the_order_of_numbers(tmp_path):
    class_folders(tmp_path, [f"{number}/1.png" for number in (10, 2, 1, 0)])
    assert arrange(tmp_path).classes == ["0", "1", "2", "10"]


def test_a_folder_without_folders_of_pictures_is_none(tmp_path):
    assert not is_one(tmp_path)
    save(tmp_path / "1.png", noise(8, 8))
    assert not is_one(tmp_path)
    (tmp_path / "cat").mkdir()
    assert not is_one(tmp_path)
    save(tmp_path / "cat" / "deep" / "1.png", noise(8, 8))
    assert is_one(tmp_path)


def test_one_class_is_too_few(refuse, tmp_path):
    class_folders(tmp_path / "x", ["cat/1.png", "cat/2.png"])
    assert refuse(tmp_path / "x").endswith("x: 1 class where there must be two or more")


@pytest.mark.parametrize("inside", [None, "notes.txt"])
def test_a_class_folder_without_pictures_is_refused(refuse, tmp_path, inside):
    class_folders(tmp_path / "x")
    (tmp_path / "x" / "empty").mkdir()
    if inside:
        (tmp_path / "x" / "empty" / inside).write_text("")
    assert "x/empty holds no picture (.bmp, .jpeg" in refuse(tmp_path / "x")


def test_more_than_a_thousand_classes_are_refused(refuse, tmp_path):
    class_folders(tmp_path / "x", [f"{number}/1.png" for number in range(1001)])
    assert refuse(tmp_path / "x").endswith("x: 1001 classes; at most 1000")


@pytest.mark.extended
def test_sixty_thousand_folders_are_refused_in_seconds(refuse, tmp_path):
    [picture] = class_folders(tmp_path / "x", ["59999/1.png"])
    assert picture
    for number in range(59_999):
        (tmp_path / "x" / str(number)).mkdir()
    begin = time.monotonic()
    assert "60000 classes; at most 1000" in refuse(tmp_path / "x")
    assert time.monotonic() - begin < 20
    shutil.rmtree(tmp_path / "x")  # which pytest would keep, and take long to delete


@pytest.mark.parametrize("group", [None, "[0-9]"])
def test_an_unreadable_picture_is_named(refuse, tmp_path, group):
    class_folders(tmp_path / "x")
    (tmp_path / "x" / "dog" / "2.png").write_bytes(b"no picture")
    assert "x/dog/2.png: it is no picture of a kind that is known" in refuse(tmp_path / "x", group=group)


def test_a_picture_that_breaks_off_is_named_though_it_begins_well(refuse, tmp_path):
    class_folders(tmp_path / "x")
    path = tmp_path / "x" / "dog" / "2.png"
    path.write_bytes(path.read_bytes()[:-40])
    assert "cannot read " in (said := refuse(tmp_path / "x"))
    assert "x/dog/2.png: " in said


def test_of_several_broken_pictures_always_the_same_is_named(refuse, tmp_path):
    names = [f"{name}/{at}.png" for name in "ab" for at in range(20)]
    class_folders(tmp_path / "x", names)
    for name in names[7:]:
        (tmp_path / "x" / name).write_bytes(b"")
    assert "x/a/10.png: " in refuse(tmp_path / "x")


ODD = ["a<b", "a\nb", "\u202eab", "a\x1b[31mb"]


@pytest.mark.parametrize("name", ODD)
def test_a_class_folder_of_odd_characters_gets_a_name_that_can_be_shown(study, take, tmp_path, name):
    class_folders(tmp_path / "x", [f"{name}/1.png", "z/1.png"])
    assert take(tmp_path / "x").replace("\n", "").isprintable()
    shown = name.replace("\u202e", "").translate(dict.fromkeys(map(ord, "<\n\x1b["), " "))
    assert {*declaration(study).classes} == {" ".join(shown.split()), "z"}


@pytest.mark.parametrize("name", ODD)
def test_classes_that_look_the_same_then_are_refused(refuse, tmp_path, name):
    class_folders(tmp_path / "x", [f"{name}/1.png", f"{name}</1.png"])
    assert "cannot be told from others by" in refuse(tmp_path / "x")


@pytest.mark.parametrize("name", [*(f"{name}.png" for name in ODD), os.fsdecode(b"\xff\xfe.png")])
def test_a_picture_may_be_called_anything(study, take, refuse, tmp_path, name):
    class_folders(tmp_path / "x", [f"a/{name}", f"b/{name}"])
    assert take(tmp_path / "x").replace("\n", "").isprintable()
    assert len(loaded(study).labels) == 2
    (tmp_path / "x" / "b" / name).write_bytes(b"")
    assert "it is no picture" in refuse(tmp_path / "x", name="other")


def test_pictures_of_one_size_are_stored_at_it(study, take, tmp_path):
    class_folders(tmp_path / "x", shape=(9, 13))
    assert "pixels (height x width)" not in take(tmp_path / "x")
    assert (declaration(study).height, declaration(study).width) == (9, 13)


SIZES = {"cat/1.png": (20, 30), "cat/2.png": (40, 16), "dog/1.png": (24, 24)}


def of_sizes(root, sizes=SIZES):
    for name, shape in sizes.items():
        save(root / name, np.full(shape, 200, np.uint8))


def test_pictures_of_different_sizes_become_squares_and_that_is_said(study, take, tmp_path):
    of_sizes(tmp_path / "x")
    assert (
        "  images of 3 sizes, 20 x 30 to 40 x 16 pixels (height x width) are stored at 20 x 20: made to "
        "cover that, and cut where they are beyond it (--size and --fit say otherwise)\n"
    ) in take(tmp_path / "x")
    assert seen(study).shape == (3, 20, 20)


def test_large_pictures_of_different_sizes_are_stored_at_64_pixels(tmp_path):
    of_sizes(tmp_path, {"a/1.png": (300, 200), "b/1.png": (200, 300)})
    assert read_in(tmp_path).shape == (1, 64, 64)


def test_tiny_pictures_need_a_size(study, take, refuse, tmp_path):
    of_sizes(tmp_path / "x", {"a/1.png": (5, 6), "b/1.png": (6, 5)})
    assert "images are 5 x 5 pixels; sides from 8 to 4096" in refuse(tmp_path / "x")
    assert "images of 2 sizes, 5 x 6 to 6 x 5 pixels" in take(tmp_path / "x", size=(8, 8))
    assert seen(study).shape == (2, 8, 8)


def test_huge_pictures_need_a_size(refuse, tmp_path):
    of_sizes(tmp_path / "x", {"a/1.png": (9, 4100), "b/1.png": (9, 4100)})
    assert "images are 9 x 4100 pixels; sides from 8 to 4096 pixels are used (--size" in refuse(
        tmp_path / "x"
    )


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ("crop", "made to cover that, and cut where they are beyond it"),
        ("pad", "made to fit within that, with black beside"),
        ("stretch", "stretched to that"),
    ],
)
def test_a_size_is_reached_by_cutting_padding_or_stretching(study, take, tmp_path, fit, words):
    of_sizes(tmp_path / "x", {"a/1.png": (16, 24), "b/1.png": (16, 24)})
    said = take(tmp_path / "x", size=(24, 24), fit=fit)
    assert f"  images of 16 x 24 pixels (height x width) are stored at 24 x 24: {words} (" in said
    assert seen(study).shape == (2, 24, 24)
    assert (seen(study)[0] == 0).sum() == (8 * 24 if fit == "pad" else 0)


def test_a_size_may_be_no_square(study, take, tmp_path):
    of_sizes(tmp_path / "x")
    take(tmp_path / "x", size=(10, 14))
    assert (declaration(study).height, declaration(study).width) == (10, 14)


def test_one_colour_picture_makes_all_colour_and_that_is_said(study, take, tmp_path):
    class_folders(tmp_path / "x")
    save(tmp_path / "x" / "cat" / "3.png", noise(8, 9, 3))
    assert "  4 images of 5 without colour stored as colour\n" in take(tmp_path / "x")
    assert seen(study).shape == (5, 8, 9, 3)
    assert (np.ptp(seen(study)[0], axis=2) == 0).all()


@pytest.fixture
def patients(tmp_path):
    names = [f"{part}/{name}/p{patient}_{at}.png" for part, name, patient, at in PATIENTS]
    return tmp_path / "x", class_folders(tmp_path / "x", names)


PATIENTS = [("train", "b", 1, 0), ("train", "a", 1, 1), ("train", "a", 2, 0), ("train", "b", 1, 2)]
PATIENTS += [("test", "a", 2, 1), ("test", "b", 3, 0)]


def test_images_of_a_group_follow_one_another(study, take, patients):
    source, pixels = patients
    assert "  3 groups, of which each stays in one split\n" in take(source, group="p[0-9]+")
    train, test = declaration(study).parts
    assert {name: (group.images, group.label) for name, group in train.groups.items()} == {
        "p1": (3, 1),
        "p2": (1, 0),
    }
    assert {name: (group.images, group.label) for name, group in test.groups.items()} == {
        "p2": (1, 0),
        "p3": (1, 1),
    }
    order = ["a/p1_1", "b/p1_0", "b/p1_2", "a/p2_0"]
    assert np.array_equal(seen(study)[:4], [pixels[f"train/{name}.png"] for name in order])
    assert loaded(study).labels.tolist() == [0, 1, 1, 0, 0, 1]


def test_no_group_is_in_two_splits_of_the_study(study, take, tmp_path, params):
    rng = np.random.default_rng(0)
    names = [
        f"{part}/{'ab'[patient % 2]}/p{patient}_{at}.png"
        for patient in range(60)
        for at, part in enumerate(rng.choice(["train", "test"], 3))
    ]
    class_folders(tmp_path / "x", names)
    take(tmp_path / "x", group="p[0-9]+")
    division = params.data.division(declaration(study).division)
    patient = [
        name
        for part in declaration(study).parts
        for name, group in part.groups.items()
        for _ in range(group.images)
    ]
    whole = {**division.sizes, "train_eval": 2}
    splits: Splits = split(loaded(study).labels, type(division)(division.seed, division.pools, whole))
    held = [{patient[at] for at in getattr(splits, name)} for name in ("train", "validation", "test")]
    assert set.union(*held) == {f"p{number}" for number in range(60)}
    assert sum(map(len, held)) == 60


def test_the_first_group_of_the_expression_names_them_if_it_has_one(study, take, patients):
    take(patients[0], group="/p([0-9]+)_")
    assert [*declaration(study).parts[0].groups] == ["1", "2"]


@pytest.mark.parametrize("group", ["patient", "p3", "(x)?", "x*"])
def test_a_group_that_finds_nothing_in_a_path_is_refused(refuse, patients, group):
    assert f"--group '{group}' finds nothing in " in refuse(patients[0], group=group)


def test_a_group_that_is_no_name_is_refused(refuse, tmp_path):
    class_folders(tmp_path / "x", ["a/1\u202e.png", "b/1\n.png"])
    assert r"--group '1.' finds '1\u202e', which cannot be a name" in refuse(tmp_path / "x", group="1.")


def test_pictures_are_read_side_by_side_four_a_core_ahead(tmp_path):
    ahead, black = 4 * usable_cores(), np.zeros((8, 8), np.uint8)
    names = [f"{name}/{at:03}.png" for name in "ab" for at in range(ahead + 20)]
    for name in names:
        save(tmp_path / name, black)
    [part] = read_in(tmp_path).parts
    images, before = part.pixels(), threading.active_count()
    next(images)
    time.sleep(0.5)
    for name in names:
        save(tmp_path / name, black + 1)
    later = [int(pixels[0, 0]) for pixels in images]
    assert later[ahead + 1 :] == [1] * (len(names) - ahead - 2)
    assert threading.active_count() == before


def test_a_hundred_thousand_pixels_of_each_of_many_pictures_take_little_memory(tmp_path):
    image = Image.new("L", (400, 250))
    names = [f"{name}/{at}.png" for name in "ab" for at in range(250)]
    for name in names:
        save(tmp_path / name, image)
    with little_memory(8):
        [part] = read_in(tmp_path).parts
        total = sum(pixels.size for pixels in part.pixels())
    assert total == 500 * 100_000


def test_read_refuses_what_arrange_refuses(tmp_path):
    with pytest.raises(InputError, match="no class where there must be two"):
        read_in(tmp_path)
