"""Datasets of libraries are taken in by their name; one that cannot be had says what else can be done."""

from __future__ import annotations

import urllib.error
from types import SimpleNamespace

import numpy as np
import pytest
from torchvision import datasets

from adding.conftest import declaration, loaded, noise, seen
from gridpress.errors import GridpressError, InputError
from gridpress.fetch.catalog import sources
from gridpress.fetch.library import Library
from gridpress.fetch.obtain import obtain
from gridpress.progress import silent
from made_up import read_all, tree

PIXELS, LABELS = noise(6, 8, 9, 3), [0, 1, 2, 1, 0, 2]


@pytest.fixture
def cifar(monkeypatch):
    def downloaded(_, *, train, download):
        assert download
        part = slice(0, 4) if train else slice(4, 6)
        return SimpleNamespace(data=PIXELS[part], targets=LABELS[part], classes=["cat", "dog", "plane"])

    monkeypatch.setattr(datasets, "CIFAR10", downloaded)


@pytest.mark.usefixtures("cifar")
def test_torchvisions_parts_and_classes_are_kept(study, take):
    take("torchvision:CIFAR10")
    assert declaration(study).classes == ["cat", "dog", "plane"]
    assert [part.split for part in declaration(study).parts] == ["train", "test"]
    assert np.array_equal(seen(study), PIXELS)
    assert loaded(study).labels.tolist() == LABELS


def test_digits_need_no_network(study, take):
    said = take("sklearn:digits")
    assert said.startswith(
        "mine: 10 classes, 8 x 8 pixels, grey\n  one part: 1797 images, 174 to 183 of a class\n"
    )
    assert loaded(study).pixels.shape == (1797, 1, 8, 8)


@pytest.mark.usefixtures("cifar")
@pytest.mark.parametrize("source", ["sklearn:digits", "torchvision:CIFAR10"])
def test_others_get_the_same_files_from_the_library(study, take, tmp_path, source):
    take(source)
    dataset = declaration(study)
    assert sources(dataset, None) == [Library(source)]
    obtain(tmp_path / "theirs", dataset.pins, sources(dataset, None), silent, pytest.fail)
    assert read_all(tmp_path / "theirs") == read_all(study.raw("mine"))


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("sklearn:digit", "USPS. Did you mean sklearn:digits?"),
        ("torchvision:cifar100", "USPS. Did you mean torchvision:CIFAR100?"),
        ("sklearn:\u202e" + "x" * 50, "USPS."),
    ],
)
def test_other_datasets_of_a_library_are_refused(refuse, source, end):
    said = refuse(source)
    assert "; of libraries there are sklearn:digits, torchvision:KMNIST, torchvision:CIFAR10" in said
    assert said.endswith(end)


@pytest.mark.parametrize("option", [{"size": (8, 8)}, {"group": "x"}])
def test_options_of_pictures_are_refused(refuse, option):
    assert refuse("sklearn:digits", **option).startswith(f"--{next(iter(option))} is for ")


def test_without_network_one_sentence_says_what_else_can_be_done(study, take, monkeypatch):
    def unreachable(*_, **__):
        raise urllib.error.URLError(OSError("Name or service\nnot known"))

    monkeypatch.setattr(datasets, "CIFAR10", unreachable)
    before = tree(study.root)
    with pytest.raises(GridpressError) as error:
        take("torchvision:CIFAR10")
    assert error.value.exit_code == 1
    assert not isinstance(error.value, InputError)
    assert str(error.value) == (
        "torchvision could not download CIFAR10 (<urlopen error Name or service\\nnot known>); get its files "
        "otherwise and name them as SOURCE, such as a folder of class folders"
    )
    assert tree(study.root) == before
