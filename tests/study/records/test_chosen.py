from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.results.choices import keys_of_choices
from gridpress.study.records.chosen import ChosenRecord
from gridpress.study.records.store import dumps, load
from report.builder import parameters, write_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    content = parameters(datasets=["mnist"])
    return write_study(tmp_path_factory.mktemp("chosen") / "study", content), parse_params(content, DECLARED)


def test_choices_of_every_kind_come_back_as_they_were_written(made):
    project, params = made
    for key in keys_of_choices(params):
        path = project.record(CHOSEN, key)
        assert dumps(load(ChosenRecord, path)) == path.read_text()


def test_a_choice_of_no_known_kind_is_refused(made, tmp_path):
    project, _ = made
    path = tmp_path / "mnist-resnet18.json"
    path.write_text(project.record(CHOSEN, "mnist-resnet18").read_text().replace('"model"', '"network"'))
    with pytest.raises(GridpressError, match="network is not a known key"):
        load(ChosenRecord, path)
