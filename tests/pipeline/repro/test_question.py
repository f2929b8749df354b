from __future__ import annotations

import shutil

import pytest

from gridpress.config.params import load_params
from gridpress.pipeline.repro.finished import files_of
from gridpress.pipeline.repro.question import question, unchanged
from pipeline.conftest import ADAM, POLY, RBF, RUNS, SGD, edit, entries, records

CODE = "src/gridpress/classical/svc.py"  # as dvc.yaml names it


def change_code(clone):
    path = clone.root / CODE
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")


def asked(clone, *names):
    return question(clone.project, load_params(clone.project.params), names, 2, None).said


def test_code_that_changed_is_a_question_without_a_terminal_exit_code_2_and_nothing_is_computed(
    computed, plain
):
    change_code(computed)
    before = computed.call("git", "status", "--porcelain")
    said = computed.call("gridpress", "repro", code=2)
    assert "2 runs have a result of the same parameters and would be computed again, in about " in said
    assert f"because of {CODE}." in said
    assert "`gridpress repro --yes` computes them again" in said
    assert computed.ran(said) == set()
    assert computed.call("git", "status", "--porcelain") == before
    assert records(computed) == records(plain)


def test_yes_computes_them_again(computed, plain):
    change_code(computed)
    assert computed.ran(computed.call("gridpress", "repro", "--yes")) == {POLY, RBF}
    assert records(computed) == records(plain)
    assert "up to date" in computed.call("dvc", "status")


def test_dry_run_says_it_too(computed):
    change_code(computed)
    assert f"would be computed again, in about 0 s, because of {CODE}." in computed.call(
        "gridpress", "repro", "--dry-run"
    )


def test_of_a_network_its_file_is_named_before_and_after_its_record_is_written(computed):
    path = computed.root / "src" / "gridpress" / "networks" / "torchvision.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    told = "2 runs have a result of the same parameters and would be computed again, in about "
    for command, code in (("--dry-run", 0), ("", 2), ("", 2)):
        said = computed.call("gridpress", "repro", *command.split(), code=code)
        assert told in said
        assert "because of src/gridpress/networks/torchvision.py." in said
    computed.call("git", "checkout", "--", "src")
    assert computed.ran(computed.call("gridpress", "repro")) == {"network@resnet18"}
    assert computed.call("git", "status", "--porcelain") == ""


def test_what_is_missing_or_of_other_parameters_is_computed_without_a_question(computed):
    computed.project.record("svm", "mnist-rbf-C1-gscale").unlink()
    edit(computed.project.params, lambda params: params["svm"]["configs"]["poly2-C1-gscale"].update(C=0.01))
    change_code(computed)
    assert computed.ran(computed.call("gridpress", "repro")) == {POLY, RBF}


def test_results_that_dvc_lock_does_not_know_are_told_from_those_of_other_parameters(computed):
    names = [SGD, ADAM, RBF]
    edit(computed.root / "dvc.lock", lambda lock: [lock["stages"].pop(name) for name in names])
    found = unchanged(computed.project, load_params(computed.project.params), names)
    assert found == {name: ["dvc.lock, which has no entry of it"] for name in names}
    edit(computed.project.params, lambda params: params["svm"]["configs"]["rbf-C1-gscale"].update(C=0.01))
    assert unchanged(computed.project, load_params(computed.project.params), names).keys() == {SGD, ADAM}


def test_a_result_that_was_neither_recorded_nor_committed_was_interrupted_and_is_computed(computed, plain):
    edit(computed.root / "dvc.lock", lambda lock: lock["stages"].pop(RBF))
    shutil.rmtree(computed.project.scratch, ignore_errors=True)
    paths = [str(path) for path in files_of(computed.project, RBF)]
    computed.call("git", "rm", "--quiet", "--cached", *paths)
    computed.call("git", "add", "dvc.lock")
    computed.call("git", "commit", "--quiet", "--message", "state")
    assert computed.ran(computed.call("gridpress", "repro")) == {RBF}
    assert records(computed) == records(plain)


@pytest.mark.parametrize("edited", [True, False], ids=["an edited record", "another parameter"])
def test_what_the_message_advises_never_records_what_is_wrong(computed, edited):
    change_code(computed)
    if edited:
        path = computed.project.record("svm", "mnist-rbf-C1-gscale")
        path.write_text(path.read_text() + "\n")
    else:
        edit(computed.project.params, lambda params: params["svm"]["configs"]["rbf-C1-gscale"].update(C=0.01))
    assert "dvc commit" not in computed.call("gridpress", "repro", code=2)


def test_the_command_that_the_message_advises_records_what_is_right(computed, plain):
    change_code(computed)
    said = computed.call("gridpress", "repro", code=2)
    [command] = [part for part in said.split("`") if part.startswith("dvc commit")]
    assert command == "dvc commit --force svm"
    computed.call(*command.split())
    assert computed.ran(computed.call("gridpress", "repro")) == set()
    assert records(computed) == records(plain)


def test_a_lock_that_nothing_restores_computes_nothing_unasked(computed, plain):
    shutil.rmtree(computed.root / ".git")
    computed.call("git", "init", "--quiet")
    shutil.rmtree(computed.project.scratch)
    (computed.root / "dvc.lock").unlink()
    said = computed.call("gridpress", "repro", code=2)
    assert f"{len(RUNS)} runs have a result of the same parameters" in said
    assert records(computed) == records(plain)


def test_a_deleted_lock_comes_back_from_the_last_commit(computed, plain):
    (computed.root / "dvc.lock").unlink()
    assert computed.ran(computed.call("gridpress", "repro")) == set()
    assert entries(computed) == entries(plain)


def test_an_edited_result_is_not_overwritten_unasked(computed):
    path = computed.project.record("svm", "mnist-rbf-C1-gscale")
    path.write_text(path.read_text() + "\n")
    said = computed.call("gridpress", "repro", code=2)
    assert "1 run has a result" in said
    assert "metrics/svm/mnist-rbf-C1-gscale.json, which is not as dvc.lock records it" in said


def test_of_several_causes_each_is_named_with_its_runs(computed):
    change_code(computed)
    path = computed.root / "src" / "gridpress" / "data" / "loading.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    said = asked(computed, SGD, ADAM, POLY, RBF)
    assert said.endswith(f"because of src/gridpress/data, {CODE} (2 of them).")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 2)])
def test_at_a_terminal_a_person_is_asked(computed, answer, code):
    change_code(computed)
    script = f'printf "{answer}\\n" | script --quiet --return --command "gridpress repro" /dev/null'
    assert "Compute them again? [y/N]" in computed.call("sh", "-c", script, code=code)
    assert ("up to date" in computed.call("dvc", "status")) == (answer == "y")
