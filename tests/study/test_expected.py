from __future__ import annotations

from gridpress.config.params import Params
from gridpress.study import expected
from gridpress.study.grid import baseline_runs, svm_runs, train_runs
from gridpress.study.records.runs import BaselineRecord, SvmRecord, TrainRecord

# What a record holds besides: answers, and what a changed definition of the network would change.
ANSWERS = {
    "schema_version", "key", "device", "parameters", "diverged_at_epoch", "milestones", "history",
    "train_accuracy", "validation", "test", "support_vectors", "converged", "kernel_values", "stopped",
    "temperature", "stored",
}  # fmt: skip


def first(runs):
    return next(iter(runs.values()))


def training(params: Params) -> dict:
    return expected.train_fields(first(train_runs(params)), params)


def svm(params: Params) -> dict:
    return expected.svm_fields(first(svm_runs(params)), params)


def baseline(params: Params) -> dict:
    return expected.baseline_fields(first(baseline_runs(params)), params)


def test_every_parameter_that_a_record_holds_is_asked_for(params):
    assert set(training(params)) - {"key"} == set(TrainRecord.model_fields) - ANSWERS
    assert set(svm(params)) - {"key"} == set(SvmRecord.model_fields) - ANSWERS
    assert set(baseline(params)) == set(BaselineRecord.model_fields) - ANSWERS


def test_no_change_of_data_or_optimizer_leaves_a_record_as_it_was_asked_for(params):
    data, used = params.data, params.used("mnist")
    for update in (
        {"seed": data.seed + 1},
        {"split": data.split.model_copy(update={"train": 0.6, "test": 0.3})},
        {"train_samples": used["train"] - 1},
        {"val_samples": used["validation"] - 1},
        {"test_samples": used["test"] - 1},
    ):
        other = params.model_copy(update={"data": data.model_copy(update=update)})
        assert training(other) != training(params), update
        assert svm(other) != svm(params), update
        assert baseline(other) != baseline(params), update
    recipe = params.recipes["default"].model_copy(update={"label_smoothing": 0.1})
    other = params.model_copy(update={"recipes": {**params.recipes, "default": recipe}})
    assert training(other) != training(params)
    optimizer = first(train_runs(params)).optimizer
    settings = getattr(params.optimizers, optimizer).model_copy(update={"weight_decay": 0.5})
    other = params.model_copy(
        update={"optimizers": params.optimizers.model_copy(update={optimizer: settings})}
    )
    assert training(other) != training(params)
    assert svm(other) == svm(params)


def test_a_device_is_asked_for_only_where_params_yaml_fixes_it(params):
    assert "device" not in training(params)
    fixed = params.model_copy(update={"train": params.train.model_copy(update={"device": "cpu"})})
    assert training(fixed)["device"] == "cpu"
