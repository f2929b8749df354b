from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gridpress.errors import GridpressError
from gridpress.files import discard_partial, held_elsewhere, locked, write_bytes, write_result, write_text


def test_a_failed_write_leaves_the_earlier_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_text(path, "earlier")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(GridpressError, match=r"cannot write .*a\.json: No space left on device"):
        write_text(path, "later")
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "metrics").write_text("a file")
    with pytest.raises(GridpressError, match=r"cannot write .*metrics/a\.json"):
        write_text(tmp_path / "metrics" / "a.json", "text")


def test_a_file_can_be_made_in_another_folder_than_its_own(tmp_path):
    (tmp_path / "work").mkdir()
    write_bytes(tmp_path / "data" / "images", b"content", partial=tmp_path / "work" / "images.verified")
    assert (tmp_path / "data" / "images").read_bytes() == b"content"
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("earlier", "said"), [(True, "The earlier one is as it was"), (False, "It is missing now")]
)
def test_a_result_that_cannot_be_written_says_what_is_there_instead(tmp_path, monkeypatch, earlier, said):
    path = tmp_path / "a.json"
    if earlier:
        path.touch()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(
        GridpressError, match=rf"No space left on device\.\n{said}; `gridpress repro` makes it"
    ):
        write_result(path, "later")


def test_only_the_temporary_file_of_a_process_that_is_gone_is_deleted(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        gone = tmp_path / f".a.json.{process.pid}.partial"
    ours, foreign = tmp_path / f".a.json.{os.getpid()}.partial", tmp_path / ".mnist.partial"
    for path in (gone, ours, foreign):
        path.touch()
        discard_partial(path)
    assert {*tmp_path.iterdir()} == {ours, foreign}


HOLDER = """
import sys, time
from pathlib import Path
from gridpress.files import locked
with locked(Path(sys.argv[1])) as ours:
    print(ours, flush=True)
    time.sleep(600)
"""


def test_a_lock_is_held_by_one_process_until_it_ends(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"True\n"
        with locked(path) as ours, held_elsewhere(path) as held:
            assert (ours, held) == (False, True)
        holder.kill()
    with held_elsewhere(path) as held:
        assert not held
    with locked(path) as ours:
        assert ours


def test_nobody_holds_a_lock_that_is_not_there(tmp_path):
    with held_elsewhere(tmp_path / "lock") as held:
        assert not held
    assert list(tmp_path.iterdir()) == []
