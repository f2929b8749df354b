from __future__ import annotations

import os

import pytest

from checking import git
from gridpress.study.project import Project
from gridpress.study.repository import look


@pytest.fixture
def project(tmp_path):
    """A study below a repository's own folder, with two committed results."""
    root = tmp_path / "repository" / "study"
    (root / "metrics").mkdir(parents=True)
    for name in ("dvc.lock", "metrics/one.json", "metrics/two.json", "notes.txt"):
        (root / name).write_text(name)
    git(root.parent, "init", "--quiet")
    git(root.parent, "add", "--all")
    git(root.parent, "commit", "--quiet", "--message", "state")
    return Project(root)


def test_where_all_results_are_as_committed_there_is_nothing_to_say(project):
    (project.root / "notes.txt").write_text("no result")
    found = look(project)
    assert (found.problem, found.lock, found.commits) == (None, None, True)
    assert (*found.modified, *found.untracked, *found.deleted) == ()


def test_results_are_named_below_the_study_by_what_became_of_them(project):
    (project.root / "dvc.lock").write_text("another")
    (project.metrics / "one.json").unlink()
    (project.metrics / "three.json").touch()
    found = look(project)
    assert found.modified == ["dvc.lock"]
    assert found.deleted == ["metrics/one.json"]
    assert found.untracked == ["metrics/three.json"]


def test_a_result_that_was_removed_on_purpose_is_not_named(project):
    git(project.root, "rm", "--quiet", "metrics/one.json")
    assert look(project).deleted == []


def test_a_lock_counts_as_left_once_it_is_old(project):
    left = project.root.parent / ".git" / "index.lock"
    left.touch()
    assert look(project).lock is None
    os.utime(left, (1, 1))
    assert (project.root / look(project).lock).samefile(left)


def test_without_a_commit_or_a_repository_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "no git repository" in look(Project(tmp_path)).problem
    git(tmp_path, "init", "--quiet")
    assert not look(Project(tmp_path)).commits
