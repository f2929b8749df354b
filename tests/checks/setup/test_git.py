from __future__ import annotations

import os
import shutil

from checking import check_in, git
from checks.setup.conftest import follow


def test_a_folder_outside_of_git_is_named(study):
    shutil.rmtree(study.root / ".git")
    said = check_in(study.root)
    assert said.code == 1
    assert "git: this is no git repository, but DVC needs one" in said.err


def test_a_repository_without_a_commit_is_named_as_dvc_has_no_experiments_in_it(study):
    shutil.rmtree(study.root / ".git")
    git(study.root, "init", "--quiet")
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("git") == "! no commit yet"
    assert (
        "`dvc exp run` needs a commit: `git add --all` and `git commit --message begin` make one" in said.err
    )
    git(study.root, "add", "--all")
    git(study.root, "commit", "--message", "begin")
    assert check_in(study.root).code == 0


def test_a_study_of_another_user_is_named_with_what_lets_git_read_it(study, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    said = check_in(study.root)
    assert said.code == 1
    assert (
        "the study belongs to another user, so git refuses it: `git config --global --add safe.directory"
        in said.err
    )


def test_without_git_it_says_so(study, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    said = check_in(study.root)
    assert said.code == 1
    assert "git is not installed" in said.err


def test_results_that_are_not_committed_are_counted_and_no_fault(study):
    study.record("hardware", "here").write_text(study.record("hardware", "here").read_text() + "\n")
    (study.metrics / "train" / "another.json").write_text("{}")
    (study.root / "elsewhere.txt").write_text("no result")
    said = check_in(study.root)
    assert (said.code, said.line("git")) == (0, "2 results not committed")


def test_a_lock_that_git_left_is_named_once_it_is_old(study):
    left = study.root / ".git" / "index.lock"
    left.touch()
    assert check_in(study.root).code == 0
    os.utime(left, (1, 1))
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0
