from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from secrets import token_urlsafe

import pytest
from dvc.lock import make_lock
from dvc_objects.fs.utils import tmp_fname

from gridpress.pipeline.dvc.layout import COPY
from gridpress.pipeline.dvc.leftovers import clear
from gridpress.study.project import Project


@pytest.fixture
def project(tmp_path):
    (tmp_path / ".dvc" / "tmp").mkdir(parents=True)
    return Project(tmp_path)


@pytest.fixture
def rwlock(project):
    return project.root / ".dvc" / "tmp" / "rwlock"


def test_where_dvc_was_never_at_work_there_is_nothing_to_clear(tmp_path):
    clear(Project(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_dvc_was_copying_among_the_data_goes_and_nothing_else_does(project):
    data = project.raw("mnist")
    data.mkdir(parents=True)
    copied = data / f".{token_urlsafe(16)}.tmp"
    for path in (copied, data / ".notes.tmp", data / "train-labels-idx1-ubyte"):
        path.touch()
    lock = make_lock(str(project.root / ".dvc" / "tmp" / "lock"))
    with lock:
        clear(project)
        assert copied.exists()  # DVC is at it
    clear(project)
    assert {path.name for path in data.iterdir()} == {".notes.tmp", "train-labels-idx1-ubyte"}


def test_dvc_names_its_copies_as_we_know_them():
    assert COPY.fullmatch(tmp_fname())


def held(rwlock, pid):
    by = {"pid": pid, "cmd": "dvc repro"}
    rwlock.write_text(json.dumps({"write": {"a": by}, "read": {"b": [by], "c": [by, by]}}))


def test_a_cut_list_of_locks_is_removed_and_a_whole_one_is_not(project, rwlock):
    for text in ('{"read": {}, "wri', "", "[]", '{"read": {"a": 1}}'):
        rwlock.write_text(text)
        clear(project)
        assert not rwlock.exists()
    rwlock.write_text('{"read": {}}')
    clear(project)
    assert rwlock.read_text() == '{"read": {}}'


def test_what_a_living_process_locked_stays_locked(project, rwlock):
    held(rwlock, os.getpid())
    before = rwlock.read_text()
    clear(project)
    assert rwlock.read_text() == before


def test_what_a_process_locked_that_is_dead_but_never_waited_for_is_released(project, rwlock):
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    held(rwlock, process.pid)
    clear(project)
    assert json.loads(rwlock.read_text()) == {"write": {}, "read": {}}
    process.wait()


def test_what_was_locked_before_the_process_of_that_number_began_is_released(project, rwlock):
    held(rwlock, os.getpid())
    long_ago = time.time() - 10**6
    os.utime(rwlock, (long_ago, long_ago))
    clear(project)
    assert json.loads(rwlock.read_text()) == {"write": {}, "read": {}}
