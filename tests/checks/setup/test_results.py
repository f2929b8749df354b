from __future__ import annotations

import shutil

import pytest

from checking import check_in, git
from checks.setup.conftest import RUN, follow


def test_results_of_other_parameters_are_counted_and_no_fault(study):
    text = study.params.read_text()
    study.params.write_text(text.replace("epochs: 2", "epochs: 3", 1))
    said = check_in(study.root)
    assert said.code == 0
    assert said.line("records") == (
        "19 of 19 there, all valid, 2 results of other parameters; `gridpress repro` computes them again"
    )


def test_a_study_below_another_repository_has_its_own_files(study):
    shutil.rmtree(study.root / ".git")
    outside = study.root.parent
    git(outside, "init", "--quiet")
    git(outside, "add", "--all")
    git(outside, "commit", "--quiet", "--message", "state")
    (study.metrics / RUN).unlink()
    said = check_in(study.root)
    follow(study, said)
    assert check_in(study.root).code == 0


def test_records_that_an_interrupted_stage_removed_come_back_by_the_command_named(study):
    (study.metrics / RUN).unlink()
    (study.metrics / "timing" / RUN).unlink()
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("records") == "! 17 of 19 there, all valid"
    assert "2 records deleted, as by a stage that was interrupted, such as metrics/train/" in said.err
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "", "is not JSON"),
        (lambda text: text[:-20], "is not JSON"),
        (
            lambda text: text.replace('"schema_version": 3', '"schema_version": 7'),
            "this record has schema version 7",
        ),
        (lambda text: text.replace('"train_accuracy": ', '"train_accuracy": 1'), "less than or equal to 1"),
        (lambda text: text.replace('"epochs": 2', '"epochs": "2"'), "epochs is '2'"),
        (
            lambda text: text.replace("-sgd-", "-adam-"),
            "is the record of mnist-resnet18-16-adam-0.001-fp32-device-default-0",
        ),
    ],
    ids=["empty", "cut", "schema", "outside", "type", "of another run"],
)
def test_a_broken_record_is_named_and_comes_back_by_the_command_named(study, change, reason):
    path = study.metrics / RUN
    path.write_text(change(path.read_text()))
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("records") == "! 19 of 19 there, 1 broken"
    assert f"gridpress: metrics/{RUN}" in said.err
    assert reason in said.err
    assert str(study.root) not in said.err
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_broken_record_that_was_never_committed_is_computed_again(study):
    git(study.root, "rm", "--quiet", "--cached", f"metrics/{RUN}")
    (study.metrics / RUN).write_text("{")
    said = check_in(study.root)
    assert said.code == 1
    assert f"delete metrics/{RUN}: `gridpress repro` computes what is missing" in said.err
