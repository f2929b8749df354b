from __future__ import annotations

import shutil

import pytest

from conftest import ROOT
from gridpress.errors import InputError
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.pipeline.dvc.hashes import folder_md5
from gridpress.pipeline.lockfile.entries import dump
from gridpress.pipeline.merging.conflicts import conflicted
from gridpress.pipeline.merging.resolve import resolve

from .conftest import ADAM, BASELINES, POLY, RBF, SGD
from .test_conflicts import BEGUN, merge, timed_twice

__all__ = ["timed_twice"]


@pytest.mark.parametrize("begin", BEGUN, ids=lambda begin: begin.__name__)
def test_of_two_results_that_are_both_right_those_of_head_are_taken_whole(timed_twice, begin):
    begin(timed_twice)
    said = resolve(timed_twice.project)
    assert conflicted(timed_twice.project) == []
    after = timed_twice.check()
    assert (after.code, after.err) == (0, "")
    assert BEGUN[begin][0] in said
    head = timed_twice.git("show", "HEAD:dvc.lock")
    assert timed_twice.lock.read_text() == head
    assert timed_twice.computed(SGD) in {"one", "two"}


def test_what_each_side_computed_alone_is_kept(study):
    study.branch("one")
    study.compute(SGD, "one")
    study.compute(RBF, "one")
    study.commit()
    study.branch("two")
    study.compute(ADAM, "two")
    study.compute(RBF, "two")
    study.commit()
    merge(study)
    said = resolve(study.project)
    assert [study.computed(name) for name in (SGD, ADAM, RBF)] == ["one", "two", "two"]
    assert "from HEAD: 2, from the other side: 1" in said
    assert study.check().code == 0
    study.git("commit", "--quiet", "--no-edit")
    assert study.git("status", "--short") == ""


def test_the_result_is_taken_whose_parameters_were_merged(study):
    study.branch("one")
    study.set("seed: 42", "seed: 43")
    study.compute(SGD, "one", **{"data.seed": 43})
    study.commit()
    study.branch("two")
    study.compute(SGD, "two", **{"data.seed": 42})
    study.commit()
    merge(study)
    resolve(study.project)
    assert study.computed(SGD) == "one"  # the other side's was computed with what params.yaml said before
    assert study.entries()[SGD]["params"]["params.yaml"]["data.seed"] == 43


def test_what_a_person_must_merge_comes_first_and_nothing_is_written(study):
    for name, epochs in (("one", 3), ("two", 4)):
        study.branch(name)
        study.set("epochs: 2", f"epochs: {epochs}")
        study.compute(SGD, name)
        study.commit()
    merge(study)
    before = study.files()
    with pytest.raises(InputError, match=r"^params\.yaml: still in conflict"):
        resolve(study.project)
    assert study.files() == before


def test_a_stage_that_neither_side_has_a_result_of_is_left_to_be_computed(study):
    for name in ("one", "two"):
        study.branch(name)
        study.compute(SGD, name)
        path = study.project.record("train", SGD.partition("@")[2])
        path.write_text(path.read_text() + "edited by hand\n")
        study.commit()
    merge(study)
    said = resolve(study.project)
    assert f"Neither side has a result of what was merged for {SGD}" in said
    assert set(study.entries()) == {ADAM, POLY, RBF, *BASELINES, "summarize"}


def test_marks_that_were_added_all_the_same_are_resolved(timed_twice):
    merge(timed_twice)
    timed_twice.commit()
    resolve(timed_twice.project)
    assert timed_twice.check().code == 0
    assert timed_twice.entries().keys() == {SGD, ADAM, POLY, RBF, *BASELINES, "summarize"}


def test_the_conflicted_file_is_kept(timed_twice, capsys):
    merge(timed_twice)
    text = timed_twice.lock.read_text()
    lines = text.splitlines(keepends=True)
    begin = next(number for number, line in enumerate(lines) if line.startswith("<<<<<<<"))
    lines.insert(begin + 1, "  train@gone:\n    cmd: gridpress train\n")
    timed_twice.lock.write_text("".join(lines))
    resolve(timed_twice.project)
    [copy] = [word for word in capsys.readouterr().err.split() if word.startswith("scratch/dvc.lock.")]
    assert (timed_twice.root / copy).read_text() == "".join(lines)


def test_git_never_mixes_lines_of_two_entries(study):
    """One side has recorded a result under another code, the other has computed it anew: text would merge."""
    shutil.copy(ROOT / ".gitattributes", study.root)
    study.git("add", ".gitattributes")
    study.git("commit", "--quiet", "--message", "attributes")
    study.git("tag", "--force", "start")
    study.branch("one")
    study.compute(SGD, "one")
    study.commit()
    study.branch("two")
    study.compute(RBF, "two")
    study.commit()
    merge(study)
    assert conflicted(study.project) == ["dvc.lock"]
    assert study.check().code == 2
    resolve(study.project)
    assert [study.computed(name) for name in (SGD, RBF)] == ["one", "two"]
    assert study.check().code == 0


def test_a_record_that_one_side_deleted_comes_from_the_other(study):
    study.branch("one")
    study.compute(SGD, "one")
    study.commit()
    study.branch("two")
    study.git(
        "rm", "--quiet", *(out["path"] for out in study.entries()[SGD]["outs"] if "timing" in out["path"])
    )
    study.git("commit", "--quiet", "--message", "state")
    merge(study)
    resolve(study.project)
    assert study.computed(SGD) == "one"
    assert study.check().code == 0


def test_where_nothing_is_in_conflict_nothing_is_done(study):
    before = study.files()
    assert resolve(study.project) == "Nothing is in conflict."
    assert study.files() == before


def test_what_else_is_in_conflict_is_named(study):
    for name in ("one", "two"):
        study.branch(name)
        study.compute(SGD, name)
        (study.root / "docs").mkdir(exist_ok=True)
        (study.root / "docs" / "report.html").write_text(f"{name}\n")
        study.git("add", "docs")
        study.commit()
    merge(study)
    said = resolve(study.project)
    assert "Still in conflict: docs/report.html." in said
    assert "`make docs` writes it anew" in said


def test_entries_that_both_sides_have_stay_where_their_data_are_not_fetched(study):
    fetched = {"cmd": "gridpress fetch", "outs": [{"path": "data/raw/mnist", "md5": f"{'0' * 32}.dir"}]}
    rendered = {"cmd": "gridpress report", "outs": [{"path": "report/manifest.json", "md5": "1" * 32}]}
    study.lock.write_text(dump({"fetch@mnist": fetched, **study.entries(), "report": rendered}))
    study.commit()
    study.git("tag", "--force", "start")
    order = list(study.entries())
    for name in ("one", "two"):
        study.branch(name)
        study.compute(SGD, name)
        study.commit()
    merge(study)
    said = resolve(study.project)
    assert "Neither side" not in said
    assert list(study.entries()) == order  # so that Git shows what changed and nothing else
    assert study.entries()["fetch@mnist"] == fetched


def test_a_lock_that_was_added_already_is_left_as_it_is(timed_twice):
    merge(timed_twice)
    timed_twice.git("checkout", "--theirs", "dvc.lock")
    timed_twice.git("add", "dvc.lock")
    said = resolve(timed_twice.project)
    assert "dvc.lock was not in conflict" in said
    assert "Neither side" not in said
    assert timed_twice.computed(SGD) == "one"
    assert timed_twice.check().code == 0


def test_of_a_folder_that_dvc_records_as_a_whole_the_files_in_conflict_come_from_one_side(study):
    chosen = study.project.metrics / CHOSEN
    for name in ("one", "two"):
        study.branch(name)
        for path in sorted(chosen.iterdir())[:2]:
            path.write_text(path.read_text() + f"{name}\n")
        entries = study.entries()
        entries["summarize"]["outs"][0]["md5"] = folder_md5(chosen)
        study.lock.write_text(dump(entries))
        study.git("add", "--all")
        study.commit()
    merge(study)
    theirs = study.git("show", "one:dvc.lock")
    said = resolve(study.project)
    assert "Records put right: metrics/learning_curve/chosen/mnist-best-network.json" in said
    assert study.lock.read_text() == study.git("show", "HEAD:dvc.lock") != theirs
    assert "two" in (chosen / "mnist-best-network.json").read_text()
    assert folder_md5(chosen) == study.entries()["summarize"]["outs"][0]["md5"]
