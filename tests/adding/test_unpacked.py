"""Files are read as they are, gzipped or zipped, a little at a time; what breaks is named."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from adding.conftest import little_memory
from gridpress.adding.unpacked import CHUNK, chunks, unpacked
from gridpress.errors import InputError


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"content")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"content", gzip.compress(b"content"), zipped("x.csv")],
    ids=["plain", "gzipped", "zipped"],
)
def test_the_content_is_that_of_the_only_file(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with unpacked(path) as stream:
        assert stream.read() == b"content"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped("a", "b"), "it holds 2 files, where one is expected"),
        (zipped("x")[:40], "File is not a zip file"),
        (gzip.compress(b"content")[:-9], "Compressed file ended before"),
        (gzip.compress(b"content")[:10] + b"\xff" * 20, "Error -3 while decompressing"),
    ],
    ids=["two files", "cut zip", "cut gzip", "broken gzip"],
)
@pytest.mark.hostile
def test_a_broken_archive_is_named(tmp_path, content, why):
    path = tmp_path / "x\n.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"cannot read .*x\\n.gz: {why}"), unpacked(path) as stream:
        stream.read()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone: No such file"), unpacked(tmp_path / "gone"):
        pass


@pytest.mark.parametrize("size", [1, 7, CHUNK // 2, CHUNK + 1])
def test_entries_come_whole_and_in_order(size):
    content = (b"abcdefghij" * (3 * size))[: 3 * size]
    found = [*chunks(io.BytesIO(content + b"more"), 3, size, "image")]
    assert b"".join(found) == content
    assert all(len(piece) % size == 0 for piece in found)
    assert max(map(len, found)) <= max(CHUNK, size)


def test_the_entry_that_is_not_whole_is_named():
    with pytest.raises(InputError, match=r"^x: image 3 of 5 is not whole: it ends before$"):
        [*chunks(io.BytesIO(bytes(29)), 5, 10, "x: image")]


def test_a_bomb_does_not_fill_the_memory(tmp_path):
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(60 << 20)))
    with little_memory(24), unpacked(path) as stream:
        total = sum(len(piece) for piece in chunks(stream, 60 << 10, 1 << 10, "image"))
    assert total == 60 << 20
