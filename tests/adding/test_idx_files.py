"""IDX files of MNIST's relatives are taken as they are published, or refused with what to name."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from adding.conftest import declaration, little_memory, loaded, noise, seen
from gridpress.adding.idx_files import is_one
from made_up import idx, idx_files, write_all

LABELS = {"train": np.arange(6) % 3, "t10k": np.array([2, 1, 0])}
PIXELS = {"train": noise(6, 9, 8), "t10k": noise(3, 9, 8, seed=1)}


def files(pattern="{part}-{what}-idx{dimensions}-ubyte", labels=LABELS, pixels=PIXELS):
    """Images and labels of both parts, with such names."""
    found = {}
    for part in pixels:
        found[pattern.format(part=part, what="images", dimensions=3)] = idx(pixels[part])
        found[pattern.format(part=part, what="labels", dimensions=1)] = idx(labels[part])
    return found


PATTERNS = {
    "MNIST": "{part}-{what}-idx{dimensions}-ubyte",
    "MNIST, with dots": "{part}-{what}.idx{dimensions}-ubyte",
    "KMNIST": "kmnist-{part}-{what}-idx{dimensions}-ubyte",
    "torchvision": "KMNIST/raw/{part}-{what}-idx{dimensions}-ubyte",
    "Kaggle": "{part}-{what}-idx{dimensions}-ubyte/{part}-{what}-idx{dimensions}-ubyte",
}


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_parts_are_known_by_their_names_and_training_comes_first(study, take, tmp_path, pattern, zipped):
    for name, content in files(pattern).items():
        path = (tmp_path / "x" / name).with_name(name.rpartition("/")[2] + ".gz" * zipped)
        write_all(path.parent, {path.name: gzip.compress(content) if zipped else content})
    take(tmp_path / "x")
    assert [part.split for part in declaration(study).parts] == ["train", "test"]
    assert declaration(study).classes == ["0", "1", "2"]
    assert loaded(study).labels.tolist() == [0, 1, 2, 0, 1, 2, 2, 1, 0]
    assert np.array_equal(seen(study), [*PIXELS["train"], *PIXELS["t10k"]])


def test_a_validation_part_comes_between(study, take, tmp_path):
    parts = {"test": noise(3, 8, 8), "validation": noise(3, 8, 8), "train": noise(3, 8, 8)}
    write_all(tmp_path / "x", files(labels=dict.fromkeys(parts, np.arange(3)), pixels=parts))
    take(tmp_path / "x")
    assert [part.split for part in declaration(study).parts] == ["train", "validation", "test"]


def test_files_that_name_no_part_are_one(study, take, tmp_path):
    write_all(tmp_path / "x", {"images.idx": idx(PIXELS["train"]), "labels.idx": idx(LABELS["train"])})
    take(tmp_path / "x")
    assert [part.split for part in declaration(study).parts] == [None]


def test_colour_images_have_a_fourth_dimension(study, take, tmp_path):
    pixels = {"train": noise(6, 9, 8, 3)}
    write_all(tmp_path / "x", files(pixels=pixels))
    take(tmp_path / "x")
    assert np.array_equal(seen(study), pixels["train"])


def test_a_fourth_dimension_of_one_channel_is_grey(study, take, tmp_path):
    write_all(tmp_path / "x", files(pixels={"train": PIXELS["train"][..., None]}))
    take(tmp_path / "x")
    assert np.array_equal(seen(study), PIXELS["train"])


EMNIST = "emnist-{set}-{{part}}-{{what}}-idx{{dimensions}}-ubyte"
MAPPING = "1 65 97\n2 66 98\n3 67 99\n"


def emnist(name="letters"):
    labels = {"train": np.arange(6) % 3 + 1, "test": np.array([3, 2, 1])}
    pixels = {"train": PIXELS["train"], "test": PIXELS["t10k"]}
    return {
        name: gzip.compress(content)
        for name, content in files(EMNIST.format(set=name), labels, pixels).items()
    }


def test_images_of_emnist_are_upright_and_that_is_said(study, take, tmp_path):
    write_all(tmp_path / "x", emnist())
    assert "rows and columns of EMNIST's images are exchanged, so that they are upright" in take(
        tmp_path / "x"
    )
    assert (declaration(study).height, declaration(study).width) == (8, 9)
    assert np.array_equal(seen(study)[:6], PIXELS["train"].swapaxes(1, 2))


def test_other_images_are_left_as_they_are(take, tmp_path):
    write_all(tmp_path / "x", files())
    assert "exchanged" not in take(tmp_path / "x")


def test_labels_from_1_are_named_by_their_numbers(study, take, tmp_path):
    write_all(tmp_path / "x", emnist())
    take(tmp_path / "x")
    assert declaration(study).classes == ["1", "2", "3"]
    assert loaded(study).labels.tolist() == [0, 1, 2, 0, 1, 2, 2, 1, 0]


def test_a_mapping_file_names_the_classes(study, take, tmp_path):
    write_all(tmp_path / "x", {**emnist(), "emnist-letters-mapping.txt": MAPPING.encode()})
    take(tmp_path / "x")
    assert declaration(study).classes == ["A", "B", "C"]


@pytest.mark.parametrize(
    "mapping",
    [
        "1 65\n2 66\n",
        "1 65\n2 66\n3 66\n",
        "1 65\n2 66\n3 10\n",
        "1 65\n2 66\n3 x\n",
        "",
        "\udcff",
        "9" * 99_999,
        "1 65\n2 66\n3 " + "9" * 5000,
    ],
)
def test_a_mapping_that_does_not_name_each_class_is_not_used(study, take, tmp_path, mapping):
    content = mapping.encode("utf-8", "surrogateescape")
    write_all(tmp_path / "x", {**emnist(), "emnist-letters-mapping.txt": content})
    take(tmp_path / "x")
    assert declaration(study).classes == ["1", "2", "3"]


def test_of_several_datasets_in_a_folder_one_must_be_named(study, take, refuse, tmp_path):
    write_all(
        tmp_path / "x",
        {**emnist("letters"), **emnist("digits"), "emnist-letters-mapping.txt": MAPPING.encode()},
    )
    said = refuse(tmp_path / "x")
    assert (
        "x holds 2 datasets (emnist-digits, emnist-letters); name one by the beginning of its files" in said
    )
    assert said.endswith(f"{tmp_path}/x/emnist-digits, {tmp_path}/x/emnist-letters")
    take(tmp_path / "x" / "emnist-letters")
    assert declaration(study).classes == ["A", "B", "C"]


def test_the_beginning_of_names_is_no_pattern(tmp_path):
    write_all(tmp_path, files())
    assert is_one(tmp_path / "train")
    for pattern in ("*", "t*", "[t]rain", "?rain"):
        assert not is_one(tmp_path / pattern)


def test_datasets_in_several_folders_are_not_mixed(refuse, tmp_path):
    write_all(tmp_path / "x" / "FashionMNIST" / "raw", idx_files(1))
    write_all(tmp_path / "x" / "MNIST" / "raw", idx_files(2))
    said = refuse(tmp_path / "x")
    assert "x/FashionMNIST/raw/t10k-images-idx3-ubyte and " in said
    assert said.endswith(
        "x/MNIST/raw/t10k-images-idx3-ubyte are of different datasets: name the folder of one"
    )


def test_the_same_files_may_be_there_plain_and_gzipped(study, take, tmp_path):
    write_all(tmp_path / "x", files())
    write_all(tmp_path / "x", files(), zipped=True)
    take(tmp_path / "x")
    assert declaration(study).images == 9


def test_two_parts_of_one_split_are_refused(refuse, tmp_path):
    both = [dict.fromkeys(("t10k", "test"), values["t10k"]) for values in (LABELS, PIXELS)]
    write_all(tmp_path / "x", files(labels=both[0], pixels=both[1]))
    assert "more than one part is named test" in refuse(tmp_path / "x")


TRAIN, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("lacks", "why"),
    [
        (TRAIN_LABELS, "train-images-idx3-ubyte has images, and no file beside it has the labels of them"),
        (TRAIN, "train-labels-idx1-ubyte has labels, and no file beside it has the images of them"),
    ],
)
def test_images_or_labels_alone_are_refused(refuse, tmp_path, lacks, why):
    write_all(tmp_path / "x", {name: content for name, content in files().items() if name != lacks})
    assert why in refuse(tmp_path / "x")


HEADER = struct.pack(">IIII", 0x803, 6, 9, 8)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({TRAIN: files()[TRAIN][:-1]}, f"{TRAIN}: image 6 of 6 is not whole"),
        ({TRAIN: HEADER}, f"{TRAIN}: image 1 of 6 is not whole"),
        ({TRAIN: files()[TRAIN] + b"\0"}, f"{TRAIN} holds more than the 6 images that it names"),
        ({TRAIN_LABELS: files()[TRAIN_LABELS][:-1]}, f"{TRAIN_LABELS}: label 6 of 6 is not whole"),
        ({TRAIN_LABELS: files()[TRAIN_LABELS] + b"\0"}, f"{TRAIN_LABELS} holds more than the 6 labels"),
        ({TRAIN_LABELS: idx(np.arange(5))}, f"{TRAIN} has 6 images, {TRAIN_LABELS} 5 labels"),
        ({TRAIN: idx(noise(6, 9, 9))}, "images of different sizes in train-images-idx3-ubyte, t10k-images"),
        ({TRAIN: HEADER[:-1]}, f"{TRAIN_LABELS} has labels, and no file"),
        ({TRAIN: b"\0\0\x0d" + files()[TRAIN][3:]}, f"{TRAIN_LABELS} has labels, and no file"),
        ({TRAIN: b"<html>"}, f"{TRAIN_LABELS} has labels, and no file"),
    ],
)
@pytest.mark.hostile
def test_broken_files_are_named(refuse, tmp_path, changed, why, zipped):
    write_all(tmp_path / "x", {**files(), **changed}, zipped=zipped)
    assert why.replace("-ubyte", "-ubyte.gz" if zipped else "-ubyte") in refuse(tmp_path / "x")


@pytest.mark.hostile
def test_a_gzipped_file_that_breaks_off_is_named(refuse, tmp_path):
    write_all(tmp_path / "x", files(), zipped=True)
    path = tmp_path / "x" / f"{TRAIN}.gz"
    path.write_bytes(path.read_bytes()[:-20])
    assert f"{TRAIN}.gz: " in refuse(tmp_path / "x")


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ((2**32 - 1, 9, 8), "4294967295 images; at most 10000000"),
        ((6, 2**32 - 1, 2**32 - 1), "images are 4294967295 x 4294967295 pixels; sides from 8 to 4096"),
        ((6, 0, 8), "images are 0 x 8 pixels"),
        ((0, 9, 8), "no class where there must be two or more"),
        ((6, 9, 8, 2), "images of 2 channels"),
        ((6, 4096, 4096, 3), "image 1 of 6 is not whole"),
    ],
)
@pytest.mark.hostile
def test_what_a_header_claims_is_not_believed(refuse, tmp_path, shape, why):
    names = struct.pack(f">I{len(shape)}I", 0x800 + len(shape), *shape)
    labels = struct.pack(">II", 0x801, shape[0]) + bytes(range(min(shape[0], 6)))
    write_all(tmp_path / "x", {TRAIN: names, TRAIN_LABELS: labels})
    with little_memory(52):  # the largest image has 48
        assert why in refuse(tmp_path / "x")


def test_many_images_take_little_memory(study, take, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (3000, 128, 128), np.uint8)
    write_all(tmp_path / "x", {TRAIN: idx(images), TRAIN_LABELS: idx(np.arange(3000) % 10)})
    with little_memory(16):  # of 47
        take(tmp_path / "x")
    assert np.array_equal(seen(study), images)
