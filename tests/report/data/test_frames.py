"""Records become rows: one per run and milestone, per configuration, per epoch, per SVM."""

from __future__ import annotations

import pandas as pd
import pytest

from gridpress.config.params import parse_params
from gridpress.report.data import frames
from gridpress.report.data.frames import DIVERGED, MEASURED, MISSING
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.records.timings import ClassicalTiming, TrainTiming
from made_up import DECLARED
from report.builder import parameters
from report.made_up.machine import MACHINE
from report.made_up.runs import diverged, svm_record, train_record

ONE = {"model": ["resnet18"], "optimizer": ["sgd"], "learning_rate": [0.001]}
SVMS = {
    "one": {"kernel": "rbf", "C": 1.0, "gamma": "scale"},
    "two": {"kernel": "rbf", "C": 10.0, "gamma": "scale"},
}
MILESTONES = [1, 2]
VALIDATION = {(16, 0): 0.92, (16, 1): 0.90, (32, 0): 0.94, (32, 1): 0.86}


@pytest.fixture(scope="module")
def params():
    """Two batch sizes with two seeds each, two SVMs; two epochs, both milestones."""
    content = parameters(
        datasets=["mnist"],
        train={"grid": {**ONE, "batch_size": [16, 32], "seed": [0, 1]}},
        svm={"configs": SVMS},
    )
    return parse_params(content, DECLARED)


@pytest.fixture(scope="module")
def records(params):
    """By batch size and seed; each a hundredth better after its second epoch."""

    def accuracy(run, epoch):
        return VALIDATION[run.batch_size, run.seed] + 0.01 * (epoch == 2)

    return {
        (run.batch_size, run.seed): train_record(params, run, accuracy) for run in train_runs(params).values()
    }


def timing(record, seconds):
    return TrainTiming(
        schema_version=TrainTiming.current, key=record.key, clock="processor", training_seconds=seconds,
        evaluation_seconds=[1.0, 1.0], resumed_at_epoch=None, machine=MACHINE,
    )  # fmt: skip


@pytest.fixture
def table(params):
    """Rows of these records and timings, by batch size, seed and epoch."""

    def rows(*records, timings=()):
        found = {record.key: record for record in records}
        return frames.runs(train_runs(params), found, {one.key: one for one in timings}, lambda _: MILESTONES)

    return rows


def test_every_run_that_is_asked_for_has_a_row_per_milestone_in_the_order_of_the_grid(table, records):
    rows = table(records[32, 1])
    assert [*rows[["batch_size", "seed", "epoch"]].itertuples(index=False, name=None)] == [
        (size, seed, epoch) for size in (16, 32) for seed in (0, 1) for epoch in (1, 2)
    ]
    assert rows["state"].tolist() == [MISSING] * 6 + [MEASURED] * 2
    last = rows.iloc[-1]
    assert last["validation_accuracy"] == records[32, 1].milestones[-1].validation.accuracy
    assert last["wrong"] == len(records[32, 1].milestones[-1].test.misclassified.index)
    assert (last["test_samples"], last["parameters"]) == (1000, records[32, 1].parameters)
    assert (
        rows.iloc[0][["train_accuracy", *frames.MEASURES, "wrong", "test_samples", "parameters"]].isna().all()
    )


def test_what_a_run_reached_before_it_diverged_is_measured(table, records):
    rows = table(diverged(records[16, 0], 2))
    assert rows["state"].tolist()[:2] == [MEASURED, DIVERGED]
    assert rows["validation_accuracy"].isna().tolist()[:2] == [False, True]


def test_the_time_of_a_milestone_is_from_the_first_step_on_where_every_epoch_was_timed(table, records):
    timed = [timing(records[16, 0], [3.0, 4.0]), timing(records[16, 1], [3.0])]
    rows = table(*records.values(), timings=timed)
    assert rows["training_seconds"].tolist()[:3] == [3, 7, 3]
    assert rows["training_seconds"].isna().tolist() == [False] * 3 + [True] * 5


def test_a_configuration_is_the_mean_over_its_seeds(table, records):
    timed = [timing(records[16, 0], [3.0, 3.0]), timing(records[16, 1], [5.0, 5.0])]
    rows = frames.configurations(table(*records.values(), timings=timed), "accuracy")
    assert rows["validation_accuracy"].tolist() == pytest.approx([0.91, 0.92, 0.90, 0.91])
    assert rows["validation_accuracy_sd"].tolist() == pytest.approx([0.02 / 2**0.5] * 2 + [0.08 / 2**0.5] * 2)
    assert (rows["state"].tolist(), rows["seeds"].tolist()) == ([MEASURED] * 4, [2] * 4)
    assert rows["training_seconds"].tolist()[:2] == [4, 8]
    assert rows["keys"][0] == (records[16, 0].key, records[16, 1].key)
    both = [len(records[16, seed].milestones[0].test.misclassified.index) for seed in (0, 1)]
    assert rows["wrong"][0] == sum(both)


def test_the_configuration_of_the_highest_mean_is_chosen_not_that_of_the_best_run(table, records):
    rows = frames.configurations(table(*records.values()), "accuracy")
    assert rows["chosen"].tolist() == rows["chosen_for_model"].tolist() == [False, True, False, False]


@pytest.mark.parametrize(
    ("lost", "state"), [(lambda _: None, MISSING), (lambda record: diverged(record, 1), DIVERGED)]
)
def test_a_configuration_is_as_its_worst_seed_and_then_not_chosen(table, records, lost, state):
    left = {key: record for key, record in records.items() if key != (16, 1)}
    rows = frames.configurations(table(*left.values(), *filter(None, [lost(records[16, 1])])), "accuracy")
    assert rows["state"].tolist() == [state, state, MEASURED, MEASURED]
    assert rows["seeds"].tolist() == [1, 1, 2, 2]
    assert rows["chosen"].tolist() == [False, False, False, True]


def test_nothing_is_chosen_where_nothing_was_measured(table):
    assert frames.configurations(table(), "accuracy")["chosen"].tolist() == [False] * 4


def test_one_is_marked_in_each_group_and_of_equals_the_first():
    rows = pd.DataFrame({
        "of": ["a", "a", "b", "b"],
        "state": [MEASURED, MEASURED, MISSING, MEASURED],
        "validation_accuracy": [0.5, 0.5, 0.9, 0.1],
    })  # fmt: skip
    assert frames.mark_chosen(rows, ["of"], "accuracy").tolist() == [True, False, False, True]


def test_the_history_has_a_row_per_epoch_of_the_records_that_are_there(params, records):
    found = {record.key: record for record in (records[16, 0], diverged(records[32, 0], 2))}
    rows = frames.history(train_runs(params), found)
    assert [*zip(rows["batch_size"], rows["epoch"], strict=True)] == [(16, 1), (16, 2), (32, 1)]
    assert rows["loss"].tolist() == [entry.loss for record in found.values() for entry in record.history]
    assert list(frames.history(train_runs(params), {}).columns) == list(rows.columns)


def test_an_svm_has_a_row_with_its_times_and_the_best_is_chosen(params):
    runs = svm_runs(params)
    one, two = (svm_record(params, run, lambda run: 0.9 + run.config.C / 1000) for run in runs.values())
    seconds = ClassicalTiming(
        schema_version=ClassicalTiming.current, key=one.key, clock="processor", fit_seconds=1.5,
        predict_seconds=0.5, machine=MACHINE,
    )  # fmt: skip
    rows = frames.svms(runs, {one.key: one, two.key: two}, {one.key: seconds}, "accuracy")
    assert rows["name"].tolist() == ["one", "two"]
    assert rows["C"].tolist() == [1, 10]
    assert rows["support_vectors"].tolist() == [500, 500]
    assert rows["wrong"].tolist() == [len(one.test.misclassified.index), len(two.test.misclassified.index)]
    assert rows["chosen"].tolist() == rows["chosen_for_kernel"].tolist() == [False, True]
    assert (rows["fit_seconds"][0], rows["predict_seconds"][0]) == (1.5, 0.5)
    assert rows.loc[1, ["fit_seconds", "predict_seconds"]].isna().all()
    alone = frames.svms(runs, {one.key: one}, {}, "accuracy")
    assert (alone["state"].tolist(), alone["chosen"].tolist()) == ([MEASURED, MISSING], [True, False])


def test_rows_are_dictionaries_by_column():
    assert frames.rows_of(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})) == [
        {"a": 1, "b": "x"},
        {"a": 2, "b": "y"},
    ]
