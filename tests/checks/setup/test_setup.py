from __future__ import annotations

import shutil
import tomllib

import pytest

from checking import check_in, git, tree
from conftest import ROOT
from gridpress.pipeline.lockfile.places import lock


def test_nothing_is_wrong_with_a_whole_study_and_nothing_is_written(study):
    before = tree(study.root)
    said = check_in(study.root)
    assert (said.code, said.err) == (0, "")
    assert "!" not in said.out
    assert said.line("packages") == "all 2 as in constraints.txt"
    assert said.line("git") == "all results are committed"
    assert said.line("DVC") == "dvc.lock is whole"
    assert said.line("records") == "19 of 19 there, all valid"
    assert tree(study.root) == before


def test_what_is_wrong_with_params_yaml_comes_first_and_is_exit_code_2(study):
    study.params.write_text(study.params.read_text().replace("epochs: 2", "epochs: 0"))
    shutil.rmtree(study.metrics)
    said = check_in(study.root)
    assert (said.code, said.out) == (2, "")
    assert said.err == "gridpress: params.yaml: train.epochs is 0; it must be a whole number from 1\n"


def test_before_anything_was_computed_nothing_is_wrong(study):
    for path in (study.metrics, study.scratch):
        shutil.rmtree(path)
    lock(study).unlink()
    git(study.root, "add", "--all")
    said = check_in(study.root)
    assert said.code == 0
    assert said.line("DVC") == "nothing recorded yet"
    assert said.line("records") == "0 of 19 there, all valid; `gridpress repro` computes the rest"


def test_a_missing_package_is_a_message_whatever_the_command(study, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tabulate", None)
    monkeypatch.delitem(__import__("sys").modules, "gridpress.pipeline.plan", raising=False)
    said = check_in(study.root)
    assert said.code == 1
    assert "the package tabulate is not installed; `pip install" in said.err


def shown(beginning: str) -> list[str]:
    """What the README says that `gridpress check` prints, in the example that begins so."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in readme.split("$ gridpress check\n")[1:]]
    (example,) = [example for example in examples if example.startswith(beginning)]
    return example.splitlines()


@pytest.mark.committed
def test_the_example_in_the_readme_is_what_is_printed_of_the_committed_study():
    example, here = shown("datasets"), check_in(ROOT).out.splitlines()
    same = ("datasets", "images", "train", "svm", "baseline", "hardware", "profiles")
    assert [line for line in example if line.split()[0] in same] == here[: len(same)]
    assert [line.split()[0] for line in example] == [line.split()[0] for line in here]
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    assert f"packages  all {len(dependencies)} as in constraints.txt" in example


def test_the_example_of_a_fault_in_the_readme_is_what_is_printed(study):
    study.params.write_text(study.params.read_text().replace("- resnet18", "- resnet19", 1))
    said = check_in(study.root)
    assert (said.code, said.err.splitlines()) == (2, shown("gridpress: params.yaml"))
