"""Whatever a source delivers, only the pinned files get into the data folder."""

from __future__ import annotations

import base64
import errno
import gzip
import os
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gridpress.errors import GridpressError
from gridpress.fetch import describe, fetch, named_folder
from gridpress.fetch.catalog import sources
from gridpress.fetch.local import LocalFolder
from gridpress.fetch.obtain import missing, obtain
from gridpress.fetch.source import Order, SourceError
from gridpress.progress import silent
from made_up import DECLARED, declared, idx_files, pins, read_all, refusal, write_all

FILES = idx_files()
IMAGES = "train-images-idx3-ubyte"
DATA = FILES[IMAGES]
ZIPPED = gzip.compress(DATA)


class Broken:
    """A source that raises."""

    title = "broken source"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def deliver(self, _: Order):
        raise self.error
        yield


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The data folder; no folder is named by the environment."""
    monkeypatch.delenv("GRIDPRESS_DATA", raising=False)
    return tmp_path / "data" / "mnist"


# The made-up files are the pinned ones, and no public source is asked.
LINES = declared(FILES)


def _flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "ends after 0 of 47056 bytes", id="empty"),
        pytest.param(DATA[:-1], "ends after 47055 of 47056 bytes", id="truncated"),
        pytest.param(DATA + b"\0", "larger than the 47056 bytes", id="one byte too many"),
        pytest.param(DATA + bytes(60 << 20), "larger than the 47056 bytes", id="far too many"),
        pytest.param(_flipped(DATA, 20_000), "SHA-256 expected", id="bit flipped"),
        pytest.param(_flipped(DATA, 3), "SHA-256 expected", id="wrong magic"),
        pytest.param(_flipped(DATA, 11), "SHA-256 expected", id="wrong dimensions"),
        pytest.param(idx_files(seed=1)[IMAGES], "SHA-256 expected", id="another dataset"),
        pytest.param(FILES["train-labels-idx1-ubyte"], "ends after 68 of", id="labels for images"),
        pytest.param(b"<!DOCTYPE html><h1>404</h1>", "HTML page", id="HTML"),
        pytest.param(b"\n <html>" + DATA, "HTML page", id="HTML of the right size"),
        pytest.param(gzip.compress(bytes(200 << 20), 1), "larger than the 47056 bytes", id="gzip bomb"),
        pytest.param(gzip.compress(gzip.compress(DATA)), "larger than|SHA-256", id="gzipped twice"),
        pytest.param(ZIPPED[:-20], "ended before the end-of-stream", id="gzip truncated"),
        pytest.param(ZIPPED[:5], "ended before the end-of-stream", id="gzip cut in its header"),
        pytest.param(_flipped(ZIPPED, len(ZIPPED) - 6), "CRC check failed", id="gzip checksum"),
        pytest.param(_flipped(ZIPPED, 20_000), "SHA-256|CRC|Error", id="gzip bit flipped"),
        pytest.param(ZIPPED + b"rubbish", "Not a gzipped file", id="gzip followed by rubbish"),
        pytest.param(ZIPPED + gzip.compress(b"more"), "larger than", id="gzip followed by gzip"),
        pytest.param(gzip.compress(b"<html>"), "ends after 6 of", id="gzipped HTML"),
    ],
)
@pytest.mark.hostile
def test_wrong_content_is_refused(tmp_path, content, reason):
    bad = write_all(tmp_path / "bad", {**FILES, IMAGES: content})
    assert re.search(reason, refusal(LocalFolder(bad, "mnist"), tmp_path, FILES))


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda _: None])
@pytest.mark.hostile
def test_what_is_no_file_is_refused(tmp_path, make):
    bad = write_all(tmp_path / "bad", {name: data for name, data in FILES.items() if name != IMAGES})
    make(bad / IMAGES)
    assert f"lacks {IMAGES}" in refusal(LocalFolder(bad, "mnist"), tmp_path, FILES)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert "no such folder" in refusal(LocalFolder(tmp_path / "nowhere", "mnist"), tmp_path, FILES)


@pytest.mark.parametrize(
    "error", [SourceError("gone"), ConnectionError("gone"), EOFError("gone"), ValueError("gone\x1b[2J\n")]
)
def test_the_reason_of_a_broken_source_is_one_printable_line(tmp_path, error):
    assert refusal(Broken(error), tmp_path, FILES).startswith("broken source: gone")


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_a_folder_delivers_plain_or_gzipped_files(tmp_path, folder, zipped, subfolder):
    write_all(tmp_path / "mine" / subfolder, FILES, zipped=zipped)
    obtain(folder, pins(FILES), [LocalFolder(tmp_path / "mine", "mnist")], silent, print)
    assert read_all(folder) == FILES


def test_sources_are_asked_only_for_what_is_still_missing(tmp_path, folder):
    half = write_all(tmp_path / "half", dict(list(FILES.items())[:2]))
    rest = write_all(tmp_path / "rest", dict(list(FILES.items())[2:]))
    obtain(folder, pins(FILES), [LocalFolder(half, "x"), LocalFolder(rest, "x")], silent, print)
    assert read_all(folder) == FILES


def test_files_in_place_are_not_missing(folder):
    said = []
    assert missing(write_all(folder, FILES), pins(FILES), said.append) == {}
    assert said == []


def test_a_wrong_file_in_place_is_named_with_both_hashes(folder):
    tampered = {**FILES, IMAGES: _flipped(DATA, 99)}
    said = []
    assert list(missing(write_all(folder, tampered), pins(FILES), said.append)) == [IMAGES]
    expected, found = pins(FILES)[IMAGES].sha256, pins(tampered)[IMAGES].sha256
    assert said == [f"{folder / IMAGES}: SHA-256 expected {expected}, found {found}; fetching it again"]


def test_a_foreign_file_in_the_data_folder_is_an_error(folder):
    write_all(folder, FILES | {"notes.txt": b""})
    with pytest.raises(GridpressError, match=r"notes.txt does not belong here"):
        missing(folder, pins(FILES), print)


def test_a_link_in_the_data_folder_is_replaced_not_followed(tmp_path, folder):
    precious = write_all(tmp_path, {"precious": b"not ours"}) / "precious"
    folder.mkdir(parents=True)
    (folder / IMAGES).symlink_to(precious)
    obtain(folder, pins(FILES), [LocalFolder(write_all(tmp_path / "good", FILES), "x")], silent, print)
    assert read_all(folder) == FILES
    assert precious.read_bytes() == b"not ours"


def test_what_a_killed_fetch_left_is_cleaned_up(tmp_path, folder):
    write_all(folder.parent / ".mnist.partial" / "cache", {"half": b"half"})
    obtain(folder, pins(FILES), [LocalFolder(write_all(tmp_path / "good", FILES), "x")], silent, print)
    assert [path.name for path in folder.parent.iterdir()] == ["mnist"]


def test_when_all_fail_each_reason_and_the_remedy_are_told(folder):
    broken = [Broken(SourceError("first reason")), Broken(TimeoutError("second reason"))]
    with pytest.raises(GridpressError) as error:
        obtain(folder, pins(FILES), broken, silent, lambda _: None)
    message = str(error.value)
    for word in ("first reason", "second reason", *FILES, ".gz", "--from FOLDER", "GRIDPRESS_DATA=FOLDER"):
        assert word in message
    assert not folder.exists()  # an empty one would be data to DVC, and other data


def test_a_full_disk_is_not_blamed_on_the_source(tmp_path, folder):
    full = Broken(OSError(errno.ENOSPC, "No space left on device"))
    good = LocalFolder(write_all(tmp_path / "good", FILES), "x")
    with pytest.raises(GridpressError, match=rf"cannot write {folder}: No space left"):
        obtain(folder, pins(FILES), [full, good], silent, print)


def test_a_folder_that_cannot_be_made_is_named(folder):
    folder.parent.write_text("in the way")
    with pytest.raises(GridpressError, match=r"cannot write .*mnist: Not a directory"):
        obtain(folder, pins(FILES), [Broken(SourceError(""))], silent, print)


def test_fetch_looks_into_the_named_folder(tmp_path, folder):
    fetch("mnist", LINES, folder, local=write_all(tmp_path / "mine", FILES))
    assert read_all(folder) == FILES


def test_fetch_looks_into_the_folder_of_the_environment(tmp_path, folder, monkeypatch):
    monkeypatch.setenv("GRIDPRESS_DATA", str(write_all(tmp_path / "mine", FILES)))
    fetch("mnist", LINES, folder)
    assert read_all(folder) == FILES


def test_the_folder_of_the_environment_is_seen_from_the_study_as_dvc_sees_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDPRESS_DATA", "mine")
    assert named_folder(tmp_path) == tmp_path / "mine"
    monkeypatch.setenv("GRIDPRESS_DATA", "~")
    assert named_folder(tmp_path) == Path.home()
    monkeypatch.setenv("GRIDPRESS_DATA", "")
    assert named_folder(tmp_path) is None


def test_fetch_asks_nobody_when_the_files_are_in_place(folder):
    write_all(folder, FILES)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    fetch("mnist", LINES, folder)  # there is no source that could deliver
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_record_describes_the_dataset(folder):
    record = describe("mnist", LINES, write_all(folder, FILES))
    assert record.images == 80
    assert record.class_counts == [8] * 10
    assert record.shape == [1, 28, 28]
    assert record.true_labels().tolist() == [*range(10)] * 8
    assert record.sha256 == {name: pin.sha256 for name, pin in pins(FILES).items()}
    assert [(sample.label, sample.index) for sample in record.samples] == [
        (label, index) for label in range(10) for index in (label, label + 10)
    ]
    first = np.frombuffer(base64.b64decode(record.samples[0].pixels), np.uint8)
    assert first.tobytes() == DATA[16 : 16 + 784]


@pytest.mark.parametrize("dataset", DECLARED.values(), ids=DECLARED)
def test_a_named_folder_comes_first_then_mirrors_over_https_then_a_package(tmp_path, dataset):
    kinds = Counter(type(source).__name__ for source in sources(dataset, None))
    assert kinds["Mirror"] >= 2
    named, *mirrors, package = sources(dataset, tmp_path)
    assert isinstance(named, LocalFolder)
    assert all(mirror.title.startswith("mirror https://") for mirror in mirrors)
    assert "package" in package.title


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
