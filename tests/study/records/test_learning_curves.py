from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.learning_curves.curves import CURVES
from gridpress.study.records.learning_curves import CurveRecord, CurveTiming
from gridpress.study.records.runs import BaselineRecord, SvmRecord, TrainRecord
from gridpress.study.records.store import dumps, load
from report.builder import parameters, write_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    content = parameters(datasets=["mnist"], learning_curve={"fractions": [1.0], "epochs": [9]})
    return write_study(tmp_path_factory.mktemp("points") / "study", content), parse_params(content, DECLARED)


def test_records_and_times_of_every_kind_come_back_as_they_were_written(made):
    project, params = made
    kinds = set()
    for curve in CURVES:
        for key in curve.runs(params):
            for model, path in ((CurveRecord, curve.record_path), (CurveTiming, curve.timing_path)):
                found = load(model, path(project, key))
                assert dumps(found) == path(project, key).read_text()
            kinds |= {type(result) for result in load(CurveRecord, curve.record_path(project, key)).results}
    assert kinds == {TrainRecord, SvmRecord, BaselineRecord}


def test_what_is_wrong_in_a_result_is_named_by_its_place(made, tmp_path):
    project, _ = made
    text = project.record("learning_curve/classical", "mnist-1.0").read_text()
    path = tmp_path / "mnist-1.0.json"
    path.write_text(text.replace('"converged": true', '"converged": 7', 1))
    with pytest.raises(GridpressError, match=r"results\.0.*converged is 7"):
        load(CurveRecord, path)
