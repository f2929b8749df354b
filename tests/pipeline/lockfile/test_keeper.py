from __future__ import annotations

import hashlib
import json

import pytest

from checking import git
from gridpress.pipeline.lockfile.entries import dump
from gridpress.pipeline.lockfile.entries import read as read_entries
from gridpress.pipeline.lockfile.keeper import keep, replace, restore
from gridpress.pipeline.lockfile.places import at_begin, lock
from gridpress.pipeline.repro.finished import files_of
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project


def entry(project, name):
    outs = []
    for path in files_of(project, name):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        md5 = hashlib.md5(name.encode()).hexdigest()
        outs.append(
            {"path": path.relative_to(project.root).as_posix(), "hash": "md5", "md5": md5, "size": len(name)}
        )
    return {"cmd": f"gridpress {name}", "params": {"params.yaml": {"data.seed": 1}}, "outs": outs}


@pytest.fixture
def names(params):
    return [*(f"train@{key}" for key in train_runs(params)), *(f"svm@{key}" for key in svm_runs(params))]


@pytest.fixture
def project(tmp_path, names):
    """A study whose good dvc.lock was kept."""
    from dvc.utils.serialize import dumps_yaml  # noqa: PLC0415

    project = Project(tmp_path)
    (tmp_path / ".dvc" / "tmp").mkdir(parents=True)
    stages = {name: entry(project, name) for name in names}
    (tmp_path / "dvc.lock").write_text(dumps_yaml({"schema": "2.0", "stages": stages}))
    keep(project)
    return project


def test_a_lock_cut_anywhere_is_restored_whole(project, params, capsys):
    whole = lock(project).read_bytes()
    entries = read_entries(whole.decode())
    for length in range(0, len(whole) - 1, 61):
        lock(project).write_bytes(whole[:length])
        restore(project, params)
        assert read_entries(lock(project).read_text()) == entries
    assert "restored" in capsys.readouterr().err


def test_a_whole_lock_is_left_alone(project, params, capsys):
    before = lock(project).stat().st_mtime_ns
    restore(project, params)
    assert lock(project).stat().st_mtime_ns == before
    assert capsys.readouterr().err == ""


def test_entries_written_since_the_copy_survive_a_cut(project, params, names):
    text = lock(project).read_text()
    keep(project)
    (project.scratch / "dvc.lock.good").write_text(text[: text.index(f"  {names[-2]}")])
    lock(project).write_text(text[: text.rindex("md5:") + 3])
    restore(project, params)
    assert list(read_entries(lock(project).read_text())) == names[:-1]


def test_an_entry_whose_record_is_another_by_now_does_not_come_back(project, params, names):
    files_of(project, names[0])[0].write_text("computed since")
    lock(project).write_text("schema: '2.0'\nstages: {}\n")
    restore(project, params)
    assert list(read_entries(lock(project).read_text())) == names[1:]


def test_an_entry_that_params_yaml_names_no_more_does_not_come_back(project, params, names):
    one = params.model_copy(update={"datasets": ["mnist"]})
    lock(project).write_text("schema: '2.0'\nstages: {}\n")
    restore(project, one)
    assert set(read_entries(lock(project).read_text())) == {name for name in names if "@mnist" in name}


def test_a_newer_entry_is_not_replaced_by_the_copy(project, params, names):
    entries = read_entries(lock(project).read_text())
    entries[names[0]]["params"] = {"params.yaml": {"data.seed": 2}}
    text = json.dumps({"schema": "2.0", "stages": entries}) + "\n"
    lock(project).write_text(text)
    restore(project, params)
    assert lock(project).read_text() == text


def test_a_deleted_lock_comes_back_with_what_is_still_true(project, params, names, capsys):
    lock(project).unlink()
    files_of(project, names[0])[0].write_text("computed since")
    restore(project, params)
    assert list(read_entries(lock(project).read_text())) == names[1:]
    assert f"dvc.lock was missing: {len(names) - 1} stages restored" in capsys.readouterr().err


def test_where_nothing_was_computed_yet_no_lock_is_written(tmp_path, params):
    restore(Project(tmp_path), params)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_lock_is_never_kept(project):
    good = (project.scratch / "dvc.lock.good").read_bytes()
    for text in ("", "schema: '2.0'\nstages:\n  train@x:\n    cmd", "\0"):
        lock(project).write_text(text)
        keep(project)
        assert (project.scratch / "dvc.lock.good").read_bytes() == good


def test_what_was_recorded_since_the_copy_comes_back_from_the_one_that_the_last_stage_left(
    project, params, names
):
    whole = lock(project).read_text()
    cut = whole[: whole.index(f"  {names[1]}")]
    (project.scratch / "dvc.lock.good").write_text(cut)
    at_begin(project).write_text(whole)
    lock(project).write_text(cut)
    restore(project, params)
    assert read_entries(lock(project).read_text()) == read_entries(whole)


def test_an_empty_lock_is_no_lock_that_was_kept(project, params):
    (project.scratch / "dvc.lock.good").unlink()
    lock(project).write_text("")
    restore(project, params)
    assert read_entries(lock(project).read_text()) == {}


def test_a_lock_whose_last_line_is_cut_is_not_whole(project):
    assert read_entries(lock(project).read_text()[:-1]) is None


def test_a_shortened_lock_that_is_kept_takes_nothing_from_the_copy(project, params, names):
    """DVC may fail with half of the file written, and then something else is recorded."""
    whole = lock(project).read_text()
    lock(project).write_text(whole[: whole.index(f"  {names[2]}")])
    keep(project)
    restore(project, params)
    assert read_entries(lock(project).read_text()) == read_entries(whole)


def commit(project):
    git(project.root, "init", "--quiet")
    git(project.root, "add", "dvc.lock")
    git(project.root, "commit", "--quiet", "--message", "state")


def test_without_copies_a_cut_lock_comes_back_from_the_last_commit(project, params):
    whole = lock(project).read_text()
    commit(project)
    (project.scratch / "dvc.lock.good").unlink()
    lock(project).write_text(whole[: len(whole) // 3])
    restore(project, params)
    assert read_entries(lock(project).read_text()) == read_entries(whole)


def test_what_was_recorded_since_the_last_commit_is_not_replaced_by_it(project, params, names):
    commit(project)
    (project.scratch / "dvc.lock.good").unlink()
    entries = read_entries(lock(project).read_text())
    entries[names[0]]["params"] = {"params.yaml": {"data.seed": 2}}
    text = dump(entries)
    lock(project).write_text(text)
    restore(project, params)
    assert lock(project).read_text() == text


def test_a_lock_that_becomes_shorter_is_kept_and_the_copy_is_named(project, names, capsys):
    text = lock(project).read_text()
    entries = read_entries(text)
    replace(project, {names[0]: entries[names[0]]})
    assert list(read_entries(lock(project).read_text())) == names[:1]
    said = capsys.readouterr().err
    copy = project.root / said.split()[-1]
    assert copy.parent == project.scratch
    assert copy.read_text() == text


def test_a_broken_lock_that_nothing_can_restore_is_kept_and_named(project, params, names, capsys):
    (project.scratch / "dvc.lock.good").unlink()
    text = lock(project).read_text()
    broken = text[: text.index(names[1])] + "}\n" + text[text.index(names[1]) :]
    lock(project).write_text(broken)
    restore(project, params)
    assert read_entries(lock(project).read_text()) is not None
    [copy] = [word for word in capsys.readouterr().err.split() if word.startswith("scratch/dvc.lock.")]
    assert (project.root / copy).read_text() == broken


def test_a_lock_that_only_grows_leaves_no_copy(project, names, capsys):
    entries = read_entries(lock(project).read_text())
    replace(project, {**entries, "train@another": entries[names[0]]})
    assert capsys.readouterr().err == ""
