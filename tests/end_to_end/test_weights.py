"""`gridpress weights` on a real study, and its file as a stranger loads it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from gridpress.config.params import load_params
from gridpress.errors import GridpressError, InputError
from gridpress.pipeline.stages.images import study_images
from gridpress.publish import weights
from gridpress.report.analysis import best
from gridpress.report.data.study import Study
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.store import load


@pytest.fixture(scope="module")
def exported(finished, tmp_path_factory):
    """The folder with the network that the study chose for MNIST."""
    folder = tmp_path_factory.mktemp("weights") / "mnist"
    output = finished[0].call("gridpress", "weights", "mnist", "resnet18", "--to", str(folder))
    files = [folder / f"mnist-resnet18{suffix}" for suffix in (".safetensors", ".md")]
    assert output.splitlines()[-2:] == [str(file) for file in files]
    return folder


@pytest.fixture
def picked(finished):
    """What the report shows as chosen."""
    networks = best.networks(Study.load(finished[0].project))
    return next(network for network in networks if network.dataset == "mnist")


def test_the_code_of_the_card_loads_it_and_reproduces_the_recorded_predictions(
    finished, exported, picked, monkeypatch
):
    [code] = re.findall(r"```python\n(.*?)```", (exported / "mnist-resnet18.md").read_text(), re.DOTALL)
    monkeypatch.chdir(exported)
    there: dict = {}
    exec(code, there)  # noqa: S102  # as its reader does
    project = finished[0].project
    images, splits = study_images(project, load_params(project.params), "mnist")
    test = np.sort(splits.test)
    answers = there["classify"](torch.from_numpy(images.pixels[test])).numpy()
    wrong = answers != images.labels[test]
    assert test[wrong].tolist() == picked.wrong.index
    assert answers[wrong].tolist() == picked.wrong.predicted


def test_the_card_says_what_it_is_and_how_good(finished, exported, picked):
    card = (exported / "mnist-resnet18.md").read_text()
    record = load(TrainRecord, finished[0].project.record("train", picked.key))
    assert f"epoch {picked.epoch} of the training run `train@{picked.key}`" in card
    assert f"test accuracy | {100 * picked.accuracy:.2f} % of {picked.images} images" in card
    assert f"interval {100 * picked.interval.low:.2f} to {100 * picked.interval.high:.2f} %" in card
    assert f"parameters | {record.parameters} |" in card
    assert finished[0].call("git", "rev-parse", "HEAD").strip() in card
    assert "gives the recorded class for every test image" in card
    assert "28 x 28 pixels, 1 channel;" in card


@pytest.fixture
def edited(finished, picked, tmp_path):
    """A copy of the study whose chosen network for MNIST has these accuracies at the milestone chosen."""

    def copy(*, processor=None, **accuracies):
        study = replace(finished[0], root=tmp_path / "study")
        data = finished[0].project.raw("").relative_to(finished[0].root).as_posix()
        shutil.copytree(finished[0].root, study.root, ignore=shutil.ignore_patterns("raw", ".dvc", "scratch"))
        (study.root / data).symlink_to(finished[0].project.raw(""))
        record, timing = study.project.record("train", picked.key), study.project.timing("train", picked.key)
        content = json.loads(record.read_text())
        [milestone] = [milestone for milestone in content["milestones"] if milestone["epoch"] == picked.epoch]
        for split, accuracy in accuracies.items():
            milestone[split]["accuracy"] = accuracy
        record.write_text(json.dumps(content))
        if processor:
            content = json.loads(timing.read_text())
            content["machine"]["processor"] = processor
            timing.write_text(json.dumps(content))
        return study.project

    return copy


def test_a_record_that_training_does_not_confirm_is_refused_and_nothing_written(edited, tmp_path):
    with pytest.raises(GridpressError, match=r"the record has validation accuracy 1\.0") as error:
        weights.export(edited(validation=1.0), "mnist", "resnet18", tmp_path / "out")
    assert error.value.exit_code == 1
    assert "Nothing was written" in str(error.value)
    assert not (tmp_path / "out").exists()


def test_on_another_kind_of_machine_an_accuracy_within_the_interval_will_do_and_the_card_tells_both(
    edited, exported, picked, tmp_path
):
    near = picked.accuracy + 1 / picked.images
    project = edited(processor="Abacus | 2", validation=1.0, test=near)
    files = weights.export(project, "mnist", "resnet18", tmp_path / "out")
    card = files[1].read_text()
    assert files[0].read_bytes() == (exported / "mnist-resnet18.safetensors").read_bytes()
    assert f"test accuracy | {100 * picked.accuracy:.2f} %" in card
    assert (
        f"in the study | {100 * near:.2f} %, on another kind of machine; processor was Abacus \\| 2 (" in card
    )
    assert "gives the class that it gave after training for every test image" in card


def test_on_another_kind_of_machine_an_accuracy_outside_the_interval_is_refused(edited, tmp_path):
    project = edited(processor="Abacus", validation=1.0, test=1.0)
    with pytest.raises(
        GridpressError, match=r"Another kind of machine does not explain it \(processor was Abacus"
    ):
        weights.export(project, "mnist", "resnet18", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("cifar", "resnet18"), "DATASET is 'cifar'; allowed: mnist, fashion_mnist."),
        (("mnist", "resnet20"), "MODEL is 'resnet20'; allowed: resnet18. Did you mean resnet18?"),
    ],
    ids=["dataset", "model"],
)
def test_what_the_study_does_not_have_is_refused_with_what_it_has(finished, tmp_path, names, said):
    with pytest.raises(InputError, match=re.escape(said)):
        weights.export(finished[0].project, *names, tmp_path)
