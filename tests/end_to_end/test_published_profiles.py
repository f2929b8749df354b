"""The profile of each published study, computed at toy size as far as the tables of its report.

Without CUDA, pinned memory is what pageable memory is, as `training.loop` has it, and fp16 is computed in
fp32; the records name both all the same. Hardware is made up, with a GPU: measuring it takes minutes, and the
smoke study does.
"""

from __future__ import annotations

import math
import re
import shutil

import pytest
from ruamel.yaml import YAML

from conftest import DECLARED, ROOT
from gridpress.config.declared import FOLDER
from gridpress.config.params import load_params
from gridpress.config.values import SMALLEST_SIDE
from gridpress.config.yaml_file import read_yaml
from gridpress.families.registry import runs_by_stage_name
from gridpress.pipeline import checkpoints
from gridpress.pipeline.stages import baseline, fetch, network, summarize, svm, train
from gridpress.report.contents import Contents
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.published import read_published
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import slug
from gridpress.report.sections.setup import published_protocols
from gridpress.study import profiles
from gridpress.study.grid import key_of, kind_of
from gridpress.study.project import Project
from gridpress.training import loop
from printed import STUDIES, about, agree, profile_of, rows
from report.builder import save
from report.made_up.hardware import hardware_record

COMMITTED = Project(ROOT)
RUN = {"train": train.run, "svm": svm.run, "baseline": baseline.run}


def shrink(content, letter, published):
    """Few and small images, and few epochs where no table prints what comes after them.

    The axes of the grid keep their values.
    """
    grid, settings = content["train"]["grid"], content["train"]
    fewest = max(len(dataset.classes) for dataset in DECLARED.values())
    content["data"] |= dict.fromkeys(("train_eval_samples", "val_samples", "test_samples"), fewest)
    content["data"]["train_samples"] = max(grid["batch_size"])
    settings["image_size"] = SMALLEST_SIDE
    if not rows(published.resnet, letter):
        tested = [*settings["milestones"], settings["epochs"]]
        settings["milestones"] = [*range(1, len(tested))]
        settings["epochs"] = len(tested)


def fp16_where_it_is_fast(device, precision, autocast=loop.autocast):
    """On a CPU a step of a ResNet-50 takes seconds in fp16; in fp32 its record has the same form."""
    return autocast(device, "fp32" if device.type == "cpu" else precision)


def compute(project):
    """All records of a study."""
    params = load_params(project.params)
    for dataset in params.datasets:
        fetch.run(project, dataset, None)
    for name in params.train.grid.model:
        network.run(project, name)
    for name in runs_by_stage_name(params):
        RUN[kind_of(name)](project, key_of(name))
    for machine in params.hardware.machines:
        save(hardware_record(params, machine, ("cpu", "cuda")), project.record("hardware", machine))
    summarize.run(project)


@pytest.fixture(scope="module", params=STUDIES)
def toy(request, tmp_path_factory, real_data):
    """The letter of a study, the records of its profile, and the items of their report by reference."""
    project = Project(tmp_path_factory.mktemp(profile_of(request.param)))
    for folder in (FOLDER, COMMITTED.published.relative_to(ROOT)):
        shutil.copytree(ROOT / folder, project.root / folder)
    shutil.copy(ROOT / "dvc.yaml", project.root)
    content = profiles.patched(
        read_yaml(COMMITTED.params), profiles.read(COMMITTED, profile_of(request.param))
    )
    shrink(content, request.param, read_published(project.published))
    with project.params.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
    project.raw("").mkdir()
    for dataset in content["datasets"]:
        project.raw(dataset).symlink_to(real_data / dataset)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "autocast", fp16_where_it_is_fast)
        patch.setattr(checkpoints, "write", lambda *_: None)  # hundreds of MB per epoch, of no use here
        compute(project)
    study = Study.load(project)
    items = {item.reference: item for group in Contents(study).values() for item in group}
    return request.param, study, items


def of_dataset(items, name, dataset):
    """The rows of a table that there is one of for each dataset; none where it is left out."""
    item = items.get(f"tbl-{slug(name, dataset)}")
    return rows_of(item.data) if item else []


def test_every_record_is_there_and_nothing_diverges(toy):
    _, study, _ = toy
    assert (study.missing, study.unusable) == ([], {})
    assert {*study.configurations["state"]} == {MEASURED}


def test_every_accuracy_is_compared_whose_configuration_its_study_states(toy):
    letter, study, items = toy
    networks, svms = (rows(table, letter) for table in (study.published.resnet, study.published.svm))
    whole = [row for row in svms if {"C", "gamma"} <= {*row}]
    overview = {row["study"]: row for row in rows_of(published_protocols.overview(study))}
    assert overview[letter]["printed"] == len(networks) + len(svms)
    assert overview[letter]["compared"] == len(networks) + len(whole)
    beside = [row for dataset in study.datasets for row in of_dataset(items, "published", dataset)]
    assert [row["study"] for row in beside].count(letter) == len(networks) + len(whole)


def test_the_grid_tables_have_a_cell_for_every_network_printed(toy):
    letter, study, items = toy
    for row in rows(study.published.resnet, letter):
        cell = f"{row['model']} {row['epochs']:.0f} test_accuracy"
        table = of_dataset(items, "grid", row["dataset"])
        assert any(agree(row, settings) and settings.get(cell, math.nan) >= 0 for settings in table), row


def test_the_svm_tables_have_a_row_for_every_svm_printed(toy):
    letter, study, items = toy
    for row in rows(study.published.svm, letter):
        row.pop("train_samples", None)  # which toy size changes
        assert any(agree(row, found) for found in of_dataset(items, "svm", row["dataset"])), row


def test_the_grid_has_as_many_configurations_as_the_title_of_its_study_says(toy):
    letter, study, _ = toy
    for number in re.findall(r"(\d+)-configuration", about(study.published, letter)["title"]):
        assert len(study.configurations) == int(number)


def test_every_gpu_speedup_printed_has_one_of_this_machine_beside_it(toy):
    letter, study, items = toy
    table = items["tbl-published-hardware"].data
    printed = study.published.hardware.query("study == @letter and device == 'cuda'")
    here = table[table["study"] == letter]
    assert len(here) == len(printed)
    assert here["here_here"].str.contains(r"\d").all()
