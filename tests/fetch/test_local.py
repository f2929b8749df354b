"""Files in a folder that somebody names are known by their content."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from fetch.conftest import DATA, FILES, IMAGES, ZIPPED
from gridpress.fetch.local import LocalFolder
from gridpress.fetch.obtain import obtain
from gridpress.fetch.source import Order, SourceError
from gridpress.progress import silent
from made_up import idx_files, pins, read_all, refusal, write_all


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda _: None])
@pytest.mark.hostile
def test_what_is_no_file_is_refused(tmp_path, make):
    bad = write_all(tmp_path / "bad", {name: data for name, data in FILES.items() if name != IMAGES})
    make(bad / IMAGES)
    assert f"lacks {IMAGES}" in refusal(LocalFolder(bad, "mnist"), tmp_path, FILES)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert "no such folder" in refusal(LocalFolder(tmp_path / "nowhere", "mnist"), tmp_path, FILES)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_a_folder_delivers_plain_or_gzipped_files(tmp_path, folder, zipped, subfolder):
    write_all(tmp_path / "mine" / subfolder, FILES, zipped=zipped)
    obtain(folder, pins(FILES), [LocalFolder(tmp_path / "mine", "mnist")], silent, print)
    assert read_all(folder) == FILES


DOTTED = {name: f"{name.rpartition('-idx')[0]}.idx{name.rpartition('-idx')[2]}" for name in FILES}
LAYOUTS = {
    "torchvision's root": {f"MNIST/raw/{name}": data for name, data in FILES.items()},
    "torchvision's root, zipped": {
        f"MNIST/raw/{name}.gz": gzip.compress(data) for name, data in FILES.items()
    },
    "Keras's and Zalando's folder": {
        f"fashion-mnist/{name}.gz": gzip.compress(data) for name, data in FILES.items()
    },
    "names with dots": {DOTTED[name]: data for name, data in FILES.items()},
    "any names": {f"{number}.bin": data for number, data in enumerate(FILES.values())},
    "any names, zipped": {
        f"deep/er/{number}": gzip.compress(data) for number, data in enumerate(FILES.values())
    },
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_files_are_known_by_their_content_wherever_they_lie_and_whatever_their_name(tmp_path, folder, layout):
    other = idx_files(seed=1)
    for name, data in {**{f"another/{name}": data for name, data in other.items()}, **layout}.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_bytes(data)
    obtain(folder, pins(FILES), [LocalFolder(tmp_path / "mine", "mnist")], silent, print)
    assert read_all(folder) == FILES


def test_one_bad_file_does_not_condemn_the_good_ones(tmp_path, folder):
    mine = write_all(tmp_path / "mine", {**FILES, IMAGES: DATA[:-1]})
    said = []
    rest = LocalFolder(write_all(tmp_path / "rest", {IMAGES: DATA}), "x")
    obtain(folder, pins(FILES), [LocalFolder(mine, "mnist"), rest], silent, said.append)
    assert read_all(folder) == FILES
    assert len(said) == 1
    assert f"{IMAGES}: {IMAGES} ends after 47055 of 47056 bytes; lacks {IMAGES}" in said[0]
    assert "labels" not in said[0]


def test_a_good_zipped_file_beside_a_cut_one_is_used(tmp_path, folder):
    mine = write_all(tmp_path / "mine", {**FILES, IMAGES: DATA[:100], f"{IMAGES}.gz": ZIPPED})
    obtain(folder, pins(FILES), [LocalFolder(mine, "mnist")], silent, print)
    assert read_all(folder) == FILES


def test_a_folder_of_everything_is_refused_and_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("gridpress.fetch.local.MOST_FILES", 4)
    mine = write_all(tmp_path / "mine", {**FILES, "another": b""})
    assert "holds more than 4 files; name the folder of the dataset itself" in refusal(
        LocalFolder(mine, "mnist"), tmp_path, FILES
    )


def test_large_and_hidden_and_far_files_are_left_alone(tmp_path):
    mine = tmp_path / "mine"
    write_all(mine / ".hidden", FILES)
    write_all(mine / "a" / "b" / "c" / "d" / "e", FILES)
    with (mine / "film.gz").open("wb") as film:
        film.write(ZIPPED[:10])
        film.truncate(1 << 40)
    order = Order(pins(FILES), tmp_path, lambda *_: None)
    with pytest.raises(SourceError, match=r"^lacks train-images-idx3-ubyte, "):
        [*LocalFolder(mine, "mnist").deliver(order)]
