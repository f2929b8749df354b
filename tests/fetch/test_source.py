"""A stream is let in only if it is the pinned file, to the bit."""

from __future__ import annotations

import gzip
import re

import pytest

from fetch.conftest import DATA, FILES, IMAGES, ZIPPED, flipped
from gridpress.fetch.local import LocalFolder
from made_up import idx_files, refusal, write_all


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "ends after 0 of 47056 bytes", id="empty"),
        pytest.param(DATA[:-1], "ends after 47055 of 47056 bytes", id="truncated"),
        pytest.param(DATA + b"\0", "larger than the 47056 bytes", id="one byte too many"),
        pytest.param(DATA + bytes(60 << 20), "larger than the 47056 bytes", id="far too many"),
        pytest.param(flipped(DATA, 20_000), "SHA-256 expected", id="bit flipped"),
        pytest.param(flipped(DATA, 3), "SHA-256 expected", id="wrong magic"),
        pytest.param(flipped(DATA, 11), "SHA-256 expected", id="wrong dimensions"),
        pytest.param(idx_files(seed=1)[IMAGES], "SHA-256 expected", id="another dataset"),
        pytest.param(FILES["train-labels-idx1-ubyte"], "ends after 68 of", id="labels for images"),
        pytest.param(b"<!DOCTYPE html><h1>404</h1>", "HTML page", id="HTML"),
        pytest.param(b"\n <html>" + DATA, "HTML page", id="HTML of the right size"),
        pytest.param(gzip.compress(bytes(200 << 20), 1), "larger than the 47056 bytes", id="gzip bomb"),
        pytest.param(gzip.compress(gzip.compress(DATA)), "larger than|SHA-256", id="gzipped twice"),
        pytest.param(ZIPPED[:-20], "ended before the end-of-stream", id="gzip truncated"),
        pytest.param(ZIPPED[:5], "ended before the end-of-stream", id="gzip cut in its header"),
        pytest.param(flipped(ZIPPED, len(ZIPPED) - 6), "CRC check failed", id="gzip checksum"),
        pytest.param(flipped(ZIPPED, 20_000), "SHA-256|CRC|Error", id="gzip bit flipped"),
        pytest.param(ZIPPED + b"rubbish", "Not a gzipped file", id="gzip followed by rubbish"),
        pytest.param(ZIPPED + gzip.compress(b"more"), "larger than", id="gzip followed by gzip"),
        pytest.param(gzip.compress(b"<html>"), "ends after 6 of", id="gzipped HTML"),
    ],
)
@pytest.mark.hostile
def test_wrong_content_is_refused(tmp_path, content, reason):
    bad = write_all(tmp_path / "bad", {**FILES, IMAGES: content})
    assert re.search(reason, refusal(LocalFolder(bad, "mnist"), tmp_path, FILES))
