"""A dataset is fetched, and what is there is described."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np

from fetch.conftest import DATA, FILES
from gridpress.fetch import describe, fetch, named_folder
from made_up import declared, pins, read_all, write_all


def test_fetch_looks_into_the_named_folder(tmp_path, folder):
    fetch("mnist", declared(FILES), folder, local=write_all(tmp_path / "mine", FILES))
    assert read_all(folder) == FILES


def test_fetch_looks_into_the_folder_of_the_environment(tmp_path, folder, monkeypatch):
    monkeypatch.setenv("GRIDPRESS_DATA", str(write_all(tmp_path / "mine", FILES)))
    fetch("mnist", declared(FILES), folder)
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
    fetch("mnist", declared(FILES), folder)  # there is no source that could deliver
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_record_describes_the_dataset(folder):
    record = describe("mnist", declared(FILES), write_all(folder, FILES))
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
