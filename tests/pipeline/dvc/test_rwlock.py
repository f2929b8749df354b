from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from gridpress.pipeline.dvc.rwlock import fault, release


@pytest.fixture
def rwlock(tmp_path):
    return tmp_path / "rwlock"


def test_where_there_is_no_list_nothing_is_wrong(rwlock):
    assert fault(rwlock) is None
    release(rwlock)
    assert not rwlock.exists()


def held(rwlock, pid):
    by = {"pid": pid, "cmd": "dvc repro"}
    rwlock.write_text(json.dumps({"write": {"a": by}, "read": {"b": [by], "c": [by, by]}}))


def test_a_cut_list_of_locks_is_removed_and_a_whole_one_is_not(rwlock):
    for text in ('{"read": {}, "wri', "", "[]", '{"read": {"a": 1}}'):
        rwlock.write_text(text)
        assert fault(rwlock) == "broken"
        release(rwlock)
        assert not rwlock.exists()
    rwlock.write_text('{"read": {}}')
    release(rwlock)
    assert rwlock.read_text() == '{"read": {}}'


def test_what_a_living_process_locked_stays_locked(rwlock):
    held(rwlock, os.getpid())
    before = rwlock.read_text()
    assert fault(rwlock) is None
    release(rwlock)
    assert rwlock.read_text() == before


def test_what_a_process_locked_that_is_dead_but_never_waited_for_is_released(rwlock):
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    held(rwlock, process.pid)
    assert fault(rwlock) == "orphaned"
    release(rwlock)
    assert json.loads(rwlock.read_text()) == {"write": {}, "read": {}}
    process.wait()


def test_what_was_locked_before_the_process_of_that_number_began_is_released(rwlock):
    held(rwlock, os.getpid())
    long_ago = time.time() - 10**6
    os.utime(rwlock, (long_ago, long_ago))
    assert fault(rwlock) == "orphaned"
    release(rwlock)
    assert json.loads(rwlock.read_text()) == {"write": {}, "read": {}}


def test_of_a_process_whose_number_is_free_dvc_says_so_itself(rwlock):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    held(rwlock, process.pid)
    assert fault(rwlock) is None
    release(rwlock)
    assert json.loads(rwlock.read_text()) == {"write": {}, "read": {}}


@pytest.mark.parametrize(
    "list_", [{}, {"write": {"a": {"pid": 1, "cmd": "dvc"}}}, {"read": {"a": [{"pid": 1}]}}, {"a": 1}]
)
def test_a_list_is_broken_where_dvc_would_refuse_it_and_nowhere_else(rwlock, list_):
    from dvc.rwlock import SCHEMA  # noqa: PLC0415
    from voluptuous import Invalid  # noqa: PLC0415

    rwlock.write_text(json.dumps(list_))
    try:
        SCHEMA(list_)
    except Invalid:
        assert fault(rwlock) == "broken"
    else:
        assert fault(rwlock) != "broken"
