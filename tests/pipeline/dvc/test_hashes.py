from __future__ import annotations

import pytest

from gridpress.pipeline.dvc.hashes import is_recorded, md5

OF_HELLO = "5d41402abc4b2a76b9719d911017c592"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "record.json"
    path.write_text("hello")
    return path


def test_the_hash_is_that_of_dvc_lock(file):
    assert md5(file.read_bytes()) == OF_HELLO


def test_a_file_is_recorded_while_its_content_is_the_recorded_one(file):
    assert is_recorded(file, OF_HELLO)
    file.write_text("hello!")
    assert not is_recorded(file, OF_HELLO)
    file.unlink()
    assert not is_recorded(file, OF_HELLO)


def test_a_folder_is_recorded_while_it_is_there(tmp_path):
    assert is_recorded(tmp_path, f"{OF_HELLO}.dir")
    assert not is_recorded(tmp_path / "gone", f"{OF_HELLO}.dir")
    assert not is_recorded(tmp_path, OF_HELLO)


@pytest.mark.parametrize("wanted", [OF_HELLO, f"{OF_HELLO}.dir"])
def test_a_name_that_no_file_can_have_is_of_none_that_is_recorded(tmp_path, wanted):
    assert not is_recorded(tmp_path / ("x" * 300), wanted)
    assert not is_recorded(tmp_path / "a\0b", wanted)
