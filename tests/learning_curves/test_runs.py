from __future__ import annotations

from gridpress.learning_curves.runs import classical_runs, network_runs, saturation_runs


def test_runs_are_named_by_their_values_as_python_prints_them(params):
    curve = params.learning_curve.model_copy(update={"fractions": [0.02, 1], "epochs": [20]})
    params = params.model_copy(update={"learning_curve": curve, "datasets": ["mnist"]})
    assert [*network_runs(params)] == ["mnist-resnet18-0.02-0", "mnist-resnet18-1-0"]
    assert [*classical_runs(params)] == ["mnist-0.02", "mnist-1"]
    assert [*saturation_runs(params)] == ["mnist-20"]
    assert network_runs(params)["mnist-resnet18-1-0"].fraction == 1


def test_an_empty_list_asks_for_nothing(params):
    assert [*network_runs(params), *classical_runs(params), *saturation_runs(params)] == []
