"""Libraries give the datasets that they have, in the files that are pinned; a failure is the source's."""

from __future__ import annotations

import http.client
import socket
import sys
import tarfile
import urllib.error
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torchvision import datasets

from conftest import ROOT
from gridpress.config.declared import read
from gridpress.data.loading import load as load_images
from gridpress.fetch.catalog import sources
from gridpress.fetch.library import NAMES, Library, file_names, load
from gridpress.fetch.obtain import obtain
from gridpress.fetch.source import Order, SourceError
from gridpress.progress import silent
from made_up import idx, pins, read_all, refusal

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), np.uint8)
LABELS = [0, 1, 2, 1, 0, 2]


@pytest.fixture
def downloads(monkeypatch):
    """Puts a class of our own in place of one of torchvision; its downloads are what `make` gives."""

    def replaced(name, make):
        monkeypatch.setattr(datasets, name, lambda root, *, train, download: make(root, train, download))

    return replaced


def cifar(_, train, download):
    assert download
    part = slice(0, 4) if train else slice(4, 6)
    return SimpleNamespace(data=PIXELS[part], targets=LABELS[part], classes=["cat", "dog", "plane"])


FILES = {
    "train-images.idx": idx(PIXELS[:4]),
    "train-labels.idx": idx(np.array(LABELS[:4])),
    "test-images.idx": idx(PIXELS[4:]),
    "test-labels.idx": idx(np.array(LABELS[4:])),
}


def test_parts_have_names_of_their_own():
    assert file_names("train") == ("train-images.idx", "train-labels.idx")
    assert file_names(None) == ("all-images.idx", "all-labels.idx")


def test_digits_are_scaled_to_255(tmp_path):
    classes, [part] = load("sklearn:digits", tmp_path)
    assert classes == [str(digit) for digit in range(10)]
    assert part.split is None
    assert part.images.shape == (1797, 8, 8)
    assert (part.images.dtype, part.labels.dtype) == (np.uint8, np.int64)
    found = load_digits()
    assert np.array_equal(part.images, np.round(found.images * 255 / 16))
    assert np.array_equal(part.labels, found.target)


@pytest.mark.committed
def test_digits_are_the_files_that_are_declared(tmp_path):
    dataset = read(ROOT / "data" / "datasets" / "digits.yaml")
    obtain(tmp_path / "digits", dataset.pins, sources(dataset, None), silent, pytest.fail)
    images = load_images(tmp_path / "digits", dataset.format)
    assert images.pixels.shape == (1797, 1, 8, 8)
    assert np.array_equal(images.labels, load_digits().target)


def test_arrays_and_lists_of_torchvision_are_read(tmp_path, downloads):
    downloads("CIFAR10", cifar)
    classes, (train, test) = load("torchvision:CIFAR10", tmp_path)
    assert classes == ["cat", "dog", "plane"]
    assert (train.split, test.split) == ("train", "test")
    assert np.array_equal(train.images, PIXELS[:4])
    assert np.array_equal(test.labels, LABELS[4:])


def test_tensors_of_torchvision_are_read_and_numbers_before_names_are_left_out(tmp_path, downloads):
    def kmnist(*_):
        grey = torch.from_numpy(PIXELS[..., 0])
        return SimpleNamespace(data=grey, targets=torch.tensor(LABELS), classes=["0 - o", "1 - ki", "su"])

    downloads("KMNIST", kmnist)
    classes, (train, _) = load("torchvision:KMNIST", tmp_path)
    assert classes == ["o", "ki", "su"]
    assert np.array_equal(train.images, PIXELS[..., 0])
    assert train.labels.dtype == np.int64


def test_classes_without_names_are_called_by_their_numbers(tmp_path, downloads):
    downloads("USPS", lambda *_: SimpleNamespace(data=PIXELS[..., 0], targets=LABELS))
    assert load("torchvision:USPS", tmp_path).classes == ["0", "1", "2"]


def test_every_name_is_one_of_torchvision_or_scikit_learn():
    assert all(hasattr(datasets, name.removeprefix("torchvision:")) for name in NAMES[1:])


def test_the_files_are_those_of_gridpress_add(tmp_path, downloads):
    downloads("CIFAR10", cifar)
    obtain(tmp_path / "x", pins(FILES), [Library("torchvision:CIFAR10")], silent, pytest.fail)
    assert read_all(tmp_path / "x") == FILES


def test_files_that_are_not_asked_for_are_not_delivered(tmp_path, downloads):
    downloads("CIFAR10", cifar)
    order = Order(pins({"test-labels.idx": b""}), tmp_path, lambda *_: None)
    assert [name for name, _ in Library("torchvision:CIFAR10").deliver(order)] == ["test-labels.idx"]


def test_another_version_of_the_data_is_refused(tmp_path, downloads):
    downloads("CIFAR10", lambda *given: SimpleNamespace(**{**vars(cifar(*given)), "data": PIXELS[:4] ^ 1}))
    reason = refusal(Library("torchvision:CIFAR10"), tmp_path, FILES)
    assert reason.startswith("library torchvision:CIFAR10: train-images.idx: SHA-256 expected ")


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("Name or service not known"),
        urllib.error.HTTPError("https://x", 404, "Not Found", http.client.HTTPMessage(), None),
        http.client.IncompleteRead(b""),
        TimeoutError("timed out"),
        RuntimeError("File not found or corrupted."),
        EOFError("Compressed file ended"),
        ValueError("not a gzip file"),
        tarfile.ReadError("unexpected end of data"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.hostile
def test_a_download_that_fails_is_the_fault_of_the_source(tmp_path, downloads, error):
    def failing(*_):
        raise error

    downloads("CIFAR10", failing)
    assert str(error) in refusal(Library("torchvision:CIFAR10"), tmp_path, FILES)


@pytest.mark.parametrize("name", ["sklearn:iris", "torchvision:ImageNet", "torchvision:nonsense"])
def test_other_datasets_of_a_library_are_refused_and_those_that_there_are_named(tmp_path, name):
    with pytest.raises(SourceError, match=rf"^{name} is none of sklearn:digits, torchvision:KMNIST, "):
        load(name, tmp_path)


def test_downloads_are_silent_and_given_up_in_time(tmp_path, downloads, capfd):
    timeouts = []

    def noisy(*given):
        timeouts.append(socket.getdefaulttimeout())
        sys.stdout.write("Downloading")
        sys.stderr.write("100%")
        return cifar(*given)

    downloads("CIFAR10", noisy)
    before = socket.getdefaulttimeout()
    load("torchvision:CIFAR10", tmp_path)
    assert timeouts == [15, 15]
    assert socket.getdefaulttimeout() == before
    assert capfd.readouterr() == ("", "")
