from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import InputError
from gridpress.files import sha256_of
from gridpress.networks import names
from gridpress.pipeline.stages import network
from gridpress.study.records.networks import NetworkRecord
from gridpress.study.records.store import load
from report.builder import parameters, write_study


def test_it_notes_the_file_that_makes_the_network_and_no_other(tmp_path):
    project = write_study(tmp_path / "study", parameters(datasets=["mnist"]))
    network.run(project, "lenet5")
    record = load(NetworkRecord, project.record("network", "lenet5"))
    assert record.source == "own/lenet5.py"
    assert record.sha256 == sha256_of(names.FOLDER / "own" / "lenet5.py")
    assert network.record_of("resnet18").sha256 == network.record_of("vgg11").sha256 != record.sha256


def test_a_file_that_is_another_one_than_its_networks_records_say_is_named(tmp_path, monkeypatch):
    content = parameters(datasets=["mnist"])
    params = parse_params(content, DECLARED)
    project = write_study(tmp_path / "study", content)
    for name in ("resnet18", "resnet50"):
        network.run(project, name)
    assert [*network.changed(project, params)] == []
    monkeypatch.setattr(network, "sha256_of", lambda _: "0" * 64)
    [said] = network.changed(project, params)
    assert said.startswith(
        "src/gridpress/networks/torchvision.py: not the file that metrics/network/resnet18.json and "
        "metrics/network/resnet50.json were written of; "
    )


def test_a_name_that_no_network_has_is_refused_with_the_nearest(tmp_path):
    project = write_study(tmp_path / "study", parameters(datasets=["mnist"]))
    with pytest.raises(InputError, match=r"network is 'lenet'; allowed: .+ Did you mean lenet5\?"):
        network.run(project, "lenet")
