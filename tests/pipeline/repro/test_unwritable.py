"""Full disks, read-only disks and missing permissions, at every place that is written: real ones."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from end_to_end.conftest import Clone
from gridpress.cli import main
from gridpress.pipeline.repro.finished import files_of
from made_up import tree
from pipeline.conftest import POLY, RBF, SGD, edit, entries, records
from render.conftest import SAMPLE, copy_look

RENDER = "render report/report.qmd --renderer builtin"
ROOM = 4 << 20  # bytes of a small disk, besides what is on it already
FILLER = "filler"


def mount(*arguments: str | Path) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own in place of the folder, with what that holds and little more room."""
    held = tree(folder)
    size = sum(len(content or b"") for content in held.values()) + 4096 * len(held) + ROOM
    moved = folder.with_name(f"{folder.name}-before")
    folder.rename(moved)
    folder.mkdir()
    try:
        mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
        shutil.copytree(moved, folder, symlinks=True, dirs_exist_ok=True)
        yield
        shutil.rmtree(moved)
        shutil.copytree(folder, moved, symlinks=True)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
        folder.rmdir()
        moved.rename(folder)


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """A disk without a byte to spare."""
    with small_disk(folder):
        fill(folder, 0)
        yield
        (folder / FILLER).unlink()


def fill(disk: Path, pages: int) -> None:
    """Fill a disk but for some pages of 4096 bytes."""
    with (disk / FILLER).open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))
    os.truncate(disk / FILLER, (disk / FILLER).stat().st_size - 4096 * pages)


@contextmanager
def read_only_disk(folder: Path) -> Iterator[None]:
    mount("--bind", folder, folder)
    try:
        mount("-o", "remount,ro,bind", folder)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def size_limit(_folder: Path) -> Iterator[None]:
    """No file can be written anywhere; unlike the others, this needs no privilege to try."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


REFUSALS = {full_disk: errno.ENOSPC, read_only_disk: errno.EROFS, size_limit: errno.EFBIG}


@dataclass(frozen=True)
class Place:
    """What is written.

    Attributes:
        command: what writes it.
        folder: where.
        named: what the message must name.
        first: what it must name where nothing can be written at all.
        cleared: what must be gone for it to be written.
    """

    command: str
    folder: str
    named: str
    first: str | None = None
    cleared: str | None = None


KEY = {name: name.partition("@")[2] for name in (RBF, SGD)}
PLACES = {
    "data": Place("fetch mnist", "data/raw", "data/raw/mnist", cleared="data/raw/mnist"),
    "data record": Place("fetch mnist", "metrics/data", "metrics/data/mnist.json"),
    "SVM record": Place(f"svm {KEY[RBF]}", "metrics/svm", f"metrics/svm/{KEY[RBF]}.json"),
    "checkpoint": Place(
        f"train {KEY[SGD]}", "scratch", f"scratch/checkpoints/{SGD}", cleared="scratch/checkpoints"
    ),
    "summary": Place("summarize", "metrics", "metrics/"),
    "lock of repro": Place("repro", "scratch", "scratch"),
    "smoke copy": Place("smoke", "scratch", "scratch/smoke"),
    "page": Place(RENDER, "report", "figures/lines.svg", first=tempfile.gettempdir()),
}


@pytest.fixture
def study(computed) -> Clone:
    """The computed study, with the sample document as its report."""
    shutil.rmtree(computed.root / "report")
    shutil.copy(SAMPLE, copy_look(computed.root / "report") / "report.qmd")
    return computed


def clear(study: Clone, place: Place) -> None:
    if place.cleared:
        shutil.rmtree(study.root / place.cleared)


@pytest.fixture
def called(study, monkeypatch, capsys) -> Callable[[str], tuple[int | str | None, str]]:
    """Calls `gridpress` in this process; its exit code and what it said."""
    monkeypatch.chdir(study.root)
    monkeypatch.setenv("GRIDPRESS_DATA", str(study.data))

    def called(command: str) -> tuple[int | str | None, str]:
        monkeypatch.setattr(sys, "argv", ["gridpress", *command.split()])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return ended.value.code, capsys.readouterr().err

    return called


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_what_cannot_be_written_is_named_and_nothing_is_lost(study, called, refusal, place):
    clear(study, place)
    before = tree(study.project.metrics)
    with refusal(study.root / place.folder):
        code, said = called(place.command)
    assert code == 1
    assert "Traceback" not in said
    assert (place.first if place.first and refusal is size_limit else place.named) in said
    assert os.strerror(REFUSALS[refusal]) in said
    assert tree(study.project.metrics) == before
    assert not list(study.root.rglob("*.partial"))
    assert not any(path.exists() for path in study.project.rendered)


def unprivileged(*command: str) -> list[str]:
    """The command with the permissions that files grant to their owner, which root is not bound by."""
    caps = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={caps}", *command] if os.geteuid() == 0 else list(command)


@pytest.mark.parametrize("place", ["SVM record", "lock of repro", "page"])
def test_what_one_has_no_permission_to_write_is_named(study, place):
    place = PLACES[place]
    before = tree(study.project.metrics)
    (study.root / place.folder).chmod(0o555)
    said = study.call(*unprivileged("gridpress", *place.command.split()), code=1)
    assert place.named in said
    assert "Permission denied" in said
    assert "Traceback" not in said
    assert tree(study.project.metrics) == before


def test_output_that_cannot_be_written_is_one_message(computed):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = ["gridpress", "plan"]
        done = subprocess.run(
            command, cwd=computed.root, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "gridpress: standard output: No space left on device\n"


@pytest.mark.parametrize(
    "pages", [5, 8]
)  # at 5 DVC is cut off while it writes dvc.lock, at 8 our copy of it is
def test_a_disk_that_fills_up_under_repro_loses_nothing(computed, plain, pages):
    edit(computed.root / "dvc.lock", lambda lock: [lock["stages"].pop(name) for name in (POLY, RBF)])
    for path in (path for name in (POLY, RBF) for path in files_of(computed.project, name)):
        path.unlink()
    shutil.rmtree(computed.project.scratch)
    with small_disk(computed.root):
        fill(computed.root, pages)
        said = computed.call("gridpress", "repro", "--jobs", "1", code=1)
        assert "No space left on device" in said
        assert "Traceback" not in said
        (computed.root / FILLER).unlink()
        said = computed.call("gridpress", "repro", "--jobs", "1")
        assert computed.ran(said) <= {POLY, RBF}
        assert records(computed) == records(plain)
        assert entries(computed) == entries(plain)
