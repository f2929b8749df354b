"""One source after the other is asked, and only the pinned files get into the data folder."""

from __future__ import annotations

import errno

import pytest

from fetch.conftest import DATA, FILES, IMAGES, flipped
from gridpress.errors import GridpressError
from gridpress.fetch.local import LocalFolder
from gridpress.fetch.obtain import missing, obtain
from gridpress.fetch.source import Order, SourceError
from gridpress.progress import silent
from made_up import pins, read_all, refusal, write_all


class Broken:
    """A source that raises."""

    title = "broken source"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def deliver(self, _: Order):
        raise self.error
        yield


@pytest.mark.parametrize(
    "error", [SourceError("gone"), ConnectionError("gone"), EOFError("gone"), ValueError("gone\x1b[2J\n")]
)
def test_the_reason_of_a_broken_source_is_one_printable_line(tmp_path, error):
    assert refusal(Broken(error), tmp_path, FILES).startswith("broken source: gone")


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
    tampered = {**FILES, IMAGES: flipped(DATA, 99)}
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
