from __future__ import annotations

import shutil

import pytest

from conftest import ROOT
from gridpress.pipeline.merging.conflicts import conflicted, listed, operation

from .conftest import RBF, SGD


@pytest.fixture
def timed_twice(study):
    """Two branches on which the same two runs were computed again."""
    for name in ("one", "two"):
        study.branch(name)
        study.compute(SGD, name)
        study.compute(RBF, name)
        study.commit()
    return study


def merge(study):
    study.git("merge", "one", code=1)


def rebase(study):
    study.git("rebase", "one", code=1)


def cherry_pick(study):
    study.git("cherry-pick", "one", code=1)


def apply_stash(study):
    study.git("checkout", "--quiet", "start")
    study.compute(SGD, "stashed")
    study.git("stash")
    study.git("checkout", "--quiet", "two")
    study.git("stash", "pop", code=1)


BEGUN = {
    merge: ("git commit", "git merge --abort"),
    rebase: ("git rebase --continue", "git rebase --abort"),
    cherry_pick: ("git cherry-pick --continue", "git cherry-pick --abort"),
    apply_stash: ("git commit", None),
}


@pytest.mark.parametrize("begin", BEGUN, ids=lambda begin: begin.__name__)
def test_conflicts_are_named_with_the_way_out_and_not_a_byte_is_written(timed_twice, begin):
    begin(timed_twice)
    before = timed_twice.files()
    said = timed_twice.check()
    conclude, abort = BEGUN[begin]
    assert (said.code, said.out) == (2, "")
    assert "dvc.lock, metrics/timing/" in said.err
    assert "`gridpress resolve` puts dvc.lock and the records together" in said.err
    assert f"`{conclude}` concludes it" in said.err
    assert abort is None or f"`{abort}` goes back" in said.err
    assert timed_twice.files() == before


@pytest.mark.parametrize(
    "command",
    [["repro"], ["repro", "--force"], ["repro", "--dry-run"], ["plan"], ["verify"], ["export"], ["svm", "x"]],
    ids=" ".join,
)
def test_no_command_goes_on_with_a_conflict(timed_twice, command):
    merge(timed_twice)
    before = timed_twice.files()
    assert "both sides of a merge are in conflict there" in timed_twice.call(*command, code=2)
    assert timed_twice.files() == before


def test_a_conflict_in_params_yaml_is_for_a_person_to_edit(study):
    for name, epochs in (("one", 3), ("two", 4)):
        study.branch(name)
        study.set("epochs: 2", f"epochs: {epochs}")
        study.commit()
    merge(study)
    said = study.check()
    assert said.code == 2
    assert "edit params.yaml until each is what you want and `git add` it" in said.err
    assert "resolve" not in said.err


def test_marks_that_were_added_all_the_same_are_found(timed_twice):
    merge(timed_twice)
    timed_twice.commit()
    assert conflicted(timed_twice.project)[0] == "dvc.lock"
    said = timed_twice.check()
    assert said.code == 2
    assert "`gridpress resolve`" in said.err


def test_a_conflict_in_what_no_command_reads_stops_nobody(study):
    for name in ("one", "two"):
        study.branch(name)
        (study.root / "README.md").write_text(f"{name}\n")
        study.git("add", "README.md")
        study.commit()
    merge(study)
    assert study.check().code == 0


def test_without_git_only_marks_are_looked_for(tmp_path, study, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert conflicted(study.project) == []
    study.lock.write_text("<<<<<<< HEAD\n=======\n>>>>>>> one\n")
    assert conflicted(study.project) == ["dvc.lock"]


def test_where_nothing_is_under_way_a_commit_concludes(study):
    assert operation(study.project).conclude == "git commit"


def test_many_files_are_counted():
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_stash_that_has_nothing_to_do_with_it_is_never_dropped(timed_twice):
    (timed_twice.root / "notes.txt").write_text("mine\n")
    timed_twice.git("add", "notes.txt")
    timed_twice.git("stash")
    timed_twice.git("merge", "--squash", "one", code=1)
    said = timed_twice.check()
    assert said.code == 2
    assert "stash" not in said.err


def test_code_that_is_in_conflict_is_one_sentence(timed_twice):
    package = timed_twice.root / "src" / "gridpress"
    shutil.copytree(ROOT / "src" / "gridpress", package)
    for name in ("cli/main.py", "pipeline/plan.py"):
        path = package / name
        whole = path.read_text()
        path.write_text(f"<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> one\n")
        said = timed_twice.call("plan", code=2)
        assert f"{name}, line 1: this is no Python" in said
        assert "Does the file hold both sides of a merge?" in said
        assert "Traceback" not in said
        path.write_text(whole)
