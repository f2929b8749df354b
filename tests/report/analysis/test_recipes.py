"""From a cell of a table to its record, and to the command that computes it again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from dvc.utils.hydra import apply_overrides

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.families.networks import NETWORKS
from gridpress.report.analysis import recipes
from gridpress.report.data.study import Study
from gridpress.report.sections.networks import grid_tables
from gridpress.report.sections.selected import best_tables
from gridpress.report.sections.svm import svm_tables
from gridpress.study.grid import find, train_runs
from report.builder import parameters, save, write_study
from report.made_up.runs import diverged


def listed(study) -> dict[str, list[str]]:
    """The lines at each anchor."""
    text = "".join(recipes.listing(study))
    return {
        name: body.split("\n")
        for name, body in re.findall(r"``` \{\.text #(.*?)\}\n(.*?)\n```", text, re.DOTALL)
    }


def test_every_run_is_listed_once_with_its_record_and_its_commands(study):
    entries = listed(study)
    assert len(entries) == len(study.train_runs) + len(study.svm_runs) + len(study.baseline_runs)
    for lines in entries.values():
        assert (study.project.root / lines[0]).is_file()
    assert entries["record-train-mnist-resnet18-16-sgd-0.001-fp32-device-default"][:2] == [
        "metrics/train/mnist-resnet18-16-sgd-0.001-fp32-device-default-0.json",
        "dvc repro -f -s train@mnist-resnet18-16-sgd-0.001-fp32-device-default-0",
    ]
    assert entries["record-svm-mnist-rbf-C1-gscale"] == [
        "metrics/svm/mnist-rbf-C1-gscale.json",
        "dvc repro -f -s svm@mnist-rbf-C1-gscale",
        "dvc exp run -S 'datasets=[mnist]' svm@mnist-rbf-C1-gscale",
    ]


def test_experiment_command_holds_what_varies_of_the_configuration(study):
    key = "fashion_mnist-resnet50-32-adam-0.0001-fp32-device-default-0"
    assert NETWORKS.experiment(find(study.train_runs, key, "train"), study.params) == (
        "dvc exp run -S 'datasets=[fashion_mnist]' -S 'train.grid.model=[resnet50]' "
        "-S 'train.grid.batch_size=[32]' -S 'train.grid.optimizer=[adam]' "
        "-S 'train.grid.learning_rate=[0.0001]'"
    )


@pytest.mark.parametrize("rate", [0.001, 1e-05, 1])
def test_dvc_makes_exactly_the_runs_of_this_configuration_of_the_command(build, tmp_path, rate):
    study = build(
        train={"grid": {"learning_rate": [0.5, rate], "seed": [0, 7], "precision": ["fp32", "bf16"]}}
    )
    *_, first, last = study.train_runs
    copy = tmp_path / "params.yaml"
    shutil.copy(study.project.params, copy)
    command = NETWORKS.experiment(study.train_runs[last], study.params)
    apply_overrides(copy, re.findall(r"-S '(.*?)'", command))
    assert list(train_runs(parse_params(read_yaml(copy), DECLARED))) == [first, last]


@pytest.mark.parametrize("key", ["mnist-resnet18-1e+16", "a b", "ü<", '"]{}#'])
def test_anchors_hold_nothing_that_html_pandoc_or_typst_would_read(key):
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", recipes.anchor("train", key))
    assert recipes.link("train", key) == "#" + recipes.anchor("train", key)


def cells(tables) -> list[tuple[str, str | None]]:
    """Text and link of the cells that show an accuracy, or what came instead of it."""
    return [
        (cell.text, cell.link)
        for table in tables
        for row in table.body
        for cell in row
        if cell.link or (not cell.head and cell.text in {"–", "diverged"})
    ]


def test_every_accuracy_of_a_grid_table_leads_to_the_record_that_holds_it(study):
    entries = listed(study)
    found = cells(grid_tables.grid_tables(study))
    assert len(found) == len(study.runs)
    for text, link in found:
        record = study.train[entries[link.removeprefix("#")][1].partition("@")[2]]
        assert text in {f"{100 * milestone.test.accuracy:.2f}" for milestone in record.milestones}


def test_every_row_of_an_svm_table_leads_to_its_record(study):
    found = cells(svm_tables.tables(study))
    assert [link for _, link in found] == [recipes.link("svm", key) for key in study.svm]
    assert [text for text, _ in found] == [f"{100 * r.test.accuracy:.2f}" for r in study.svm.values()]


def test_choices_lead_to_their_records_too(study):
    anchors = listed(study)
    tables = [*best_tables.best_networks(study), *best_tables.cross_method(study)]
    links = [link.removeprefix("#") for _, link in cells(tables) if link]
    assert len(links) == sum(len(table.body) for table in tables)
    assert set(links) <= set(anchors)


def test_a_diverged_run_leads_to_its_record_and_a_missing_one_nowhere(study, tmp_path):
    project = write_study(tmp_path, parameters())
    lost, gone = list(study.train)[:2]
    save(diverged(study.train[lost], 1), project.record("train", lost))
    project.record("train", gone).unlink()
    found = cells(grid_tables.grid_tables(Study.load(project)))
    assert ("diverged", recipes.link("train", lost)) in found
    assert ("–", None) in found


def test_seeds_of_a_configuration_are_listed_together(build):
    study = build(datasets=["mnist"], train={"grid": {"seed": [3, 5]}})
    entries = listed(study)
    links = {link for _, link in cells(grid_tables.grid_tables(study))}
    assert len(links) == len(study.train_runs) / 2
    for link in links:
        first, second, again, _ = entries[link.removeprefix("#")]
        keys = [Path(path).stem for path in (first, second)]
        assert {study.train[key].seed for key in keys} == {3, 5}
        assert again == "dvc repro -f -s " + " ".join(f"train@{key}" for key in keys)
