from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
import torch

from gridpress.pipeline.dvc.status import stale
from gridpress.pipeline.lockfile.entries import read as read_entries
from gridpress.pipeline.repro.finished import Finished, Records, files_of
from gridpress.pipeline.repro.record import record
from pipeline.conftest import ADAM, NETWORK, POLY, RBF, RUNS, SGD, edit, entries, records


def assert_up_to_date(clone):
    assert "up to date" in clone.call("dvc", "status")
    assert clone.ran(clone.call("dvc", "repro")) == set()
    assert clone.call("gridpress", "repro").startswith("Everything is up to date.")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_any_number_of_jobs_gives_the_bytes_and_the_lock_entries_of_dvc_repro(study, plain, jobs):
    output = study.call("gridpress", "repro", "--jobs", jobs)
    assert study.ran(output) == RUNS | {NETWORK}
    assert records(study) == records(plain)
    assert entries(study) == entries(plain)
    assert_up_to_date(study)
    assert list((study.project.scratch / "finished").iterdir()) == []


def test_data_are_fetched_and_recorded_as_dvc_repro_does_it(computed, plain):
    shutil.rmtree(computed.project.raw(""))
    shutil.rmtree(computed.root / ".dvc" / "cache")
    edit(computed.root / "dvc.lock", lambda lock: lock["stages"].pop("fetch@mnist"))
    output = computed.call("gridpress", "repro", "--jobs", "2")
    assert computed.ran(output) == {"fetch@mnist"}
    assert entries(computed) == entries(plain)
    assert computed.call("git", "status", "--porcelain", "data") == ""
    assert_up_to_date(computed)


def test_only_the_files_that_are_missing_are_fetched(computed, tmp_path):
    name = "t10k-labels-idx1-ubyte"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (computed.project.raw("mnist") / name).rename(elsewhere / name)
    output = replace(computed, data=elsewhere).call("gridpress", "repro")
    assert computed.ran(output) == {"fetch@mnist"}
    assert_up_to_date(computed)


def test_a_dataset_that_was_fetched_is_recorded_although_the_next_one_fails(computed):
    edit(computed.project.params, lambda params: params.update(datasets=["mnist", "fashion_mnist"]))
    (computed.root / "dvc.lock").unlink()
    for folder in (computed.project.raw(""), computed.project.scratch):
        shutil.rmtree(folder)
    computed.project.raw("fashion_mnist").mkdir(parents=True)
    (computed.project.raw("fashion_mnist") / "notes.txt").touch()
    output = computed.call("gridpress", "repro", code=1)
    assert "notes.txt does not belong here; move it elsewhere" in output
    assert "Traceback" not in output
    assert "fetch@mnist" in entries(computed)
    assert "fetch@mnist" not in stale(computed.project)
    assert (computed.project.raw("fashion_mnist") / "notes.txt").exists()


def test_force_computes_everything_again_also_what_waits_in_scratch(computed, plain):
    before = {path: path.stat().st_mtime_ns for name in RUNS for path in files_of(computed.project, name)}
    output = computed.call("gridpress", "repro", "--force", "--jobs", "2")
    assert computed.ran(output) == RUNS | {NETWORK, "fetch@mnist"}
    assert records(computed) == records(plain)
    assert all(path.stat().st_mtime_ns > written for path, written in before.items())
    resumed = [
        json.loads(files_of(computed.project, name)[1].read_text())["resumed_at_epoch"]
        for name in (SGD, ADAM)
    ]
    assert resumed == [None, None]


def texts(clone, name):
    result, timing = files_of(clone.project, name)
    return Records(record=result.read_text(), timing=timing.read_text())


def test_a_run_that_finished_before_the_engine_was_killed_is_recorded_and_not_computed_again(computed, plain):
    waiting = texts(computed, POLY)
    edit(computed.root / "dvc.lock", lambda lock: lock["stages"].pop(POLY))
    for path in files_of(computed.project, POLY):
        path.unlink()
    Finished(POLY, stale(computed.project)[POLY], waiting).keep(computed.project)
    output = computed.call("gridpress", "repro")
    assert "recorded, of an earlier start: 1 finished run" in output
    assert computed.ran(output) == set()
    assert entries(computed) == entries(plain)
    assert_up_to_date(computed)


def test_one_changed_svm_runs_alone_whatever_waits_from_other_parameters(computed, plain):
    waiting = texts(computed, POLY)
    edit(computed.project.params, lambda params: params["svm"]["configs"]["poly2-C1-gscale"].update(C=0.01))
    Finished(POLY, "0" * 64, waiting).keep(computed.project)
    assert computed.ran(computed.call("gridpress", "repro", "--jobs", "1")) == {POLY}
    assert json.loads(files_of(computed.project, POLY)[0].read_text())["config"]["C"] == 0.01
    changed = {name for name, content in records(computed).items() if records(plain)[name] != content}
    assert changed == {"svm/mnist-poly2-C1-gscale.json"}
    assert_up_to_date(computed)


def test_what_was_computed_from_other_inputs_is_never_recorded(computed, plain):
    lock = (computed.root / "dvc.lock").read_bytes()
    late = Finished(POLY, "0" * 64, texts(computed, POLY))
    late.keep(computed.project)
    edit(computed.project.params, lambda params: params["svm"]["configs"]["poly2-C1-gscale"].update(C=0.01))
    assert record(computed.project, [late]) == [POLY]
    assert (computed.root / "dvc.lock").read_bytes() == lock
    assert records(computed) == records(plain)
    assert list(stale(computed.project)) == [POLY]


def test_a_batch_writes_the_lock_once(computed, monkeypatch):
    written = []
    from dvc.dvcfile import Lockfile  # noqa: PLC0415

    dump = Lockfile.dump_stages
    monkeypatch.setattr(Lockfile, "dump_stages", lambda *args, **kw: (written.append(1), dump(*args, **kw)))
    waiting = {name: texts(computed, name) for name in RUNS}
    for name in RUNS:
        files_of(computed.project, name)[0].unlink()
    keys = stale(computed.project)
    assert record(computed.project, [Finished(name, keys[name], waiting[name]) for name in RUNS]) == []
    assert written == [1]
    assert stale(computed.project) == {}


@pytest.mark.skipif(torch.cuda.is_available(), reason="the run that must fail would succeed")
def test_failed_runs_are_named_and_keep_their_old_results_and_the_others_are_kept(computed, plain):
    edit(computed.project.params, lambda params: params["train"].update(device="cuda"))
    edit(computed.project.params, lambda params: params["svm"].update(scaling="none"))
    output = computed.call("gridpress", "repro", "--jobs", "2", "--keep-going", code=1)
    assert f"{SGD} failed: train.device is cuda, which this machine lacks; it has cpu." in output
    assert "Traceback" not in output
    for name in (SGD, ADAM):  # what was there before stays, and is not recorded as new
        assert texts(computed, name) == texts(plain, name)
        assert entries(computed)[name] == entries(plain)[name]
    assert set(stale(computed.project)) == {SGD, ADAM}


def test_dry_run_lists_what_would_run_with_times_and_changes_nothing(computed):
    edit(computed.project.params, lambda params: params["train"].update(epochs=8))
    before = computed.call("git", "status", "--porcelain")
    lines = computed.call("gridpress", "repro", "--dry-run", "--jobs", "2").splitlines()
    assert [line.split()[0] for line in lines[1:3]] == [SGD, ADAM]
    assert all(" s" in line for line in lines[1:3])
    assert lines[3].startswith("2 runs, 2 at once: about ")
    assert computed.call("git", "status", "--porcelain") == before


def test_dry_run_of_force_lists_everything(computed):
    lines = computed.call("gridpress", "repro", "--dry-run", "--force").splitlines()
    assert {SGD, ADAM, POLY, RBF, "fetch@mnist"} <= {line.split()[0] for line in lines[1:-1]}
    assert lines[-1].startswith(f"{len(RUNS)} runs, ")


def test_dry_run_takes_data_that_will_be_fetched_for_what_was_recorded(computed):
    (computed.project.raw("mnist") / "t10k-labels-idx1-ubyte").unlink()
    lines = computed.call("gridpress", "repro", "--dry-run").splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["fetch@mnist"]
    assert lines[-1].startswith("0 runs, ")


def test_dry_run_says_what_restores_a_broken_lock_and_changes_nothing(computed):
    whole = (computed.root / "dvc.lock").read_bytes()
    (computed.root / "dvc.lock").write_bytes(whole[:1000])
    output = computed.call("gridpress", "repro", "--dry-run", code=1)
    assert (
        output == "gridpress: dvc.lock is cut off or broken: `gridpress repro` restores what it can of it\n"
    )
    assert (computed.root / "dvc.lock").read_bytes() == whole[:1000]


def test_bad_parameters_are_refused_before_anything_is_touched(computed):
    lock = (computed.root / "dvc.lock").read_bytes()
    edit(computed.project.params, lambda params: params["train"].update(epochs=0))
    assert "train.epochs is 0" in computed.call("gridpress", "repro", code=2)
    assert (computed.root / "dvc.lock").read_bytes() == lock


def test_a_second_engine_is_refused(computed):
    from gridpress.pipeline.repro.exclusive import exclusive  # noqa: PLC0415

    with exclusive(computed.project):
        assert "another `gridpress repro` is at work" in computed.call("gridpress", "repro", code=1)


def test_a_shortened_lock_is_restored_at_the_start(computed, plain):
    computed.call("gridpress", "repro")
    edit(computed.root / "dvc.lock", lambda lock: [lock["stages"].pop(name) for name in (SGD, RBF)])
    output = computed.call("gridpress", "repro")
    assert "dvc.lock was incomplete: 2 stages restored" in output
    assert computed.ran(output) == set()
    assert read_entries((computed.root / "dvc.lock").read_text()) == read_entries(
        (plain.root / "dvc.lock").read_text()
    )


@pytest.mark.parametrize("where", ["in an entry", "between entries", "at the beginning"])
def test_after_dvc_repro_alone_a_cut_lock_comes_back_from_the_last_commit(computed, plain, where):
    whole = (computed.root / "dvc.lock").read_text()
    length = {"in an entry": 1000, "between entries": whole.index(f"  {POLY}"), "at the beginning": 0}[where]
    (computed.root / "dvc.lock").write_text(whole[:length])
    output = computed.call("gridpress", "repro", "--jobs", "2")
    assert "restored" in output
    assert computed.ran(output) == set()
    assert entries(computed) == entries(plain)
