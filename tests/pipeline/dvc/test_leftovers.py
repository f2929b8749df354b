from __future__ import annotations

from secrets import token_urlsafe

import pytest
from dvc.lock import make_lock
from dvc_objects.fs.utils import tmp_fname

from gridpress.pipeline.dvc import layout
from gridpress.pipeline.dvc.leftovers import clear
from gridpress.study.project import Project


@pytest.fixture
def project(tmp_path):
    (tmp_path / ".dvc" / "tmp").mkdir(parents=True)
    return Project(tmp_path)


@pytest.fixture
def rwlock(project):
    return layout.rwlock(project)


def test_where_dvc_was_never_at_work_there_is_nothing_to_clear(tmp_path):
    clear(Project(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_dvc_was_copying_among_the_data_goes_and_nothing_else_does(project):
    data = project.raw("mnist")
    data.mkdir(parents=True)
    copied = data / f".{token_urlsafe(16)}.tmp"
    for path in (copied, data / ".notes.tmp", data / "train-labels-idx1-ubyte"):
        path.touch()
    lock = make_lock(str(layout.lock(project)))
    with lock:
        clear(project)
        assert copied.exists()  # DVC is at it
    clear(project)
    assert {path.name for path in data.iterdir()} == {".notes.tmp", "train-labels-idx1-ubyte"}


def test_dvc_names_its_copies_as_we_know_them():
    assert layout.COPY.fullmatch(tmp_fname())


def test_the_list_of_files_in_use_is_released_unless_dvc_writes_it(project, rwlock):
    rwlock.write_text("cut off")
    with make_lock(str(rwlock) + ".lock"):
        clear(project)
        assert rwlock.exists()
    clear(project)
    assert not rwlock.exists()
