from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from checking import check_in


def test_too_small_a_disk_is_named_with_what_is_needed(study, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5000, 5000))
    said = check_in(study.root)
    assert said.code == 1
    assert "0.1 GB are free, but data and checkpoints of what is missing take up to 0.3 GB" in said.err


def test_what_must_be_computed_needs_more_disk(study):
    def needed():
        return float(check_in(study.root).line("disk").split()[-4])

    before = needed()
    shutil.rmtree(study.metrics / "train")
    assert needed() == pytest.approx(before + 4 * 11_175_370 * (2 + 3) / 1e9, abs=0.11)
