from __future__ import annotations

import fcntl
import json
import os
import re
import shutil

import pytest

from checking import check_in, git
from checks.setup.conftest import RUN, follow
from gridpress.pipeline.lockfile.entries import read as read_entries
from gridpress.pipeline.lockfile.keeper import restore
from gridpress.pipeline.lockfile.places import lock


def test_a_lost_dvc_lock_comes_back_by_the_command_named(study):
    lock(study).unlink()
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("DVC") == "! dvc.lock is missing"
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_dvc_lock_that_was_never_committed_comes_back_from_its_copy(study):
    git(study.root, "rm", "--quiet", "dvc.lock")
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_results_without_any_dvc_lock_are_named(study):
    git(study.root, "rm", "--quiet", "dvc.lock")
    git(study.root, "commit", "--quiet", "--message", "no lock")
    shutil.rmtree(study.scratch)
    said = check_in(study.root)
    assert said.code == 1
    assert "dvc.lock has no entry for 6 results, such as metrics/train/" in said.err


def test_a_dvc_lock_cut_anywhere_is_found_as_repro_finds_it(study, params, capsys):
    text = lock(study).read_bytes()
    seen = set()
    last = [found.start() for found in re.finditer(rb"^  \S", text, re.MULTILINE)][-1]
    for length in [*range(0, len(text), 97), last, len(text) - 1, len(text)]:
        lock(study).write_bytes(text[:length])
        said = check_in(study.root)
        restore(study, params)
        assert (said.code == 1) == ("restored" in capsys.readouterr().err), length
        assert read_entries(lock(study).read_text()) == read_entries(text.decode())
        seen.add(said.line("DVC"))
    assert {"! dvc.lock is broken", "! dvc.lock is shortened", "dvc.lock is whole"} <= seen


def test_a_shortened_dvc_lock_is_named_with_what_it_lost(study, params):
    lines = lock(study).read_text().splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line.startswith("  ") and line[2] != " "]
    lost = lines[begins[-1]].strip().strip(":'")
    lock(study).write_text("".join(lines[: begins[-1]]))
    said = check_in(study.root)
    assert said.code == 1
    assert f"dvc.lock has lost 1 finished stage, such as {lost}: `gridpress repro`" in said.err
    restore(study, params)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize(
    "text",
    ["stages: 3\n", "[]\n", "schema: '3.0'\nstages: {}\n", "\t\n", "schema: '2.0'\nstages: {a: b}\n", "\0\n"],
)
def test_what_is_no_dvc_lock_is_broken_and_git_has_the_good_one(study, text):
    (study.scratch / "dvc.lock.good").unlink()
    lock(study).write_text(text)
    said = check_in(study.root)
    assert said.code == 1
    assert read_entries(text) is None
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_missing_dvc_folder_comes_back_by_the_command_named(study):
    shutil.rmtree(study.root / ".dvc")
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"write": {"a": 3}}', '{"read": {"a": [{"cmd": "x"}]}}', "\0"])
def test_a_broken_list_of_locks_is_removed_by_the_command_named(study, text):
    rwlock = study.root / ".dvc" / "tmp" / "rwlock"
    rwlock.write_text(text)
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_lock_is_orphaned_if_its_process_began_after_it(study):
    rwlock = study.root / ".dvc" / "tmp" / "rwlock"
    rwlock.write_text(json.dumps({"write": {"a": {"pid": os.getpid(), "cmd": "dvc repro"}}, "read": {}}))
    assert check_in(study.root).code == 0
    os.utime(rwlock, (1, 1))
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("DVC") == "! an orphaned lock"
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("held", ["scratch/repro.lock", ".dvc/tmp/lock"])
def test_while_dvc_is_at_work_what_it_removed_is_no_fault(study, held):
    (study.metrics / RUN).unlink()
    with (study.root / held).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        said = check_in(study.root)
    assert said.code == 0
    assert said.line("DVC") == "at work now"
    assert check_in(study.root).code == 1
