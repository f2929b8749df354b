"""The tidy table holds every result of the report, of both families, with its intervals and files."""

from __future__ import annotations

import pytest

from gridpress.config.baselines import ESTIMATORS
from gridpress.report import export
from gridpress.report.data.study import Study
from gridpress.stats.intervals import mean_interval, wilson
from report.builder import PATIENT, parameters, write_study

GRID = {"model": ["resnet18"], "batch_size": [16], "learning_rate": [0.001], "seed": [0, 1]}
SVMS = {
    "poly": {"kernel": "poly", "degree": 2, "C": 1.0, "gamma": "scale"},
    "rbf": {"kernel": "rbf", "C": 10.0, "gamma": 0.01},
}
ACCURACY = {("sgd", 0): 0.90, ("sgd", 1): 0.92, ("adam", 0): 0.94, ("adam", 1): 0.95}


def network(run, epoch):
    return ACCURACY[run.optimizer, run.seed] - 0.1 * (epoch == 1)


def svm(run):
    return 0.8 + run.config.C / 100


CONTENT = parameters(datasets=["mnist"], train={"grid": GRID}, svm={"configs": SVMS})


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Study:
    """SGD and Adam with two seeds each, tested twice; two SVMs."""
    return Study.load(write_study(tmp_path_factory.mktemp("export"), CONTENT, network, svm))


@pytest.fixture(scope="module")
def table(study):
    return export.tidy(study)


def test_networks_come_first_with_a_row_per_milestone_then_a_row_per_other_classifier(table):
    assert list(table.columns) == export.COLUMNS
    named = (
        table[["family", "optimizer", "epoch", "kernel", "estimator"]]
        .astype(object)
        .fillna("")
        .to_numpy()
        .tolist()
    )
    assert named == [
        ["network", "sgd", 1, "", ""],
        ["network", "sgd", 2, "", ""],
        ["network", "adam", 1, "", ""],
        ["network", "adam", 2, "", ""],
        ["SVM", "", "", "poly", ""],
        ["SVM", "", "", "rbf", ""],
        *(["baseline", "", "", "", estimator] for estimator in ESTIMATORS),
    ]
    assert table["chosen"].tolist() == [
        False,
        False,
        False,
        True,
        False,
        True,
        *(name == "random_forest" for name in ESTIMATORS),
    ]


def test_a_network_has_the_mean_over_its_seeds_with_both_intervals(table):
    row = table.iloc[3]
    assert row["test_accuracy"] == pytest.approx(0.945)
    images = wilson(0.945 * 1000, 1000)
    assert (row["test_accuracy_low"], row["test_accuracy_high"]) == pytest.approx((images.low, images.high))
    seeds = mean_interval([0.94, 0.95])
    assert row["seeds_low"] == pytest.approx(seeds.low)
    assert row["seeds_high"] == pytest.approx(min(1, seeds.high))
    assert (row["seeds"], row["test_images"], row["training_seconds"]) == (2, 1000, 16)


def test_an_svm_has_an_interval_over_images_alone_and_its_fit_as_training_time(table):
    row = table.iloc[5]
    images = wilson(900, 1000)
    assert row["test_accuracy"] == pytest.approx(0.9)
    assert (row["test_accuracy_low"], row["test_accuracy_high"]) == pytest.approx((images.low, images.high))
    assert row[["seeds", "seeds_low", "seeds_high", "parameters"]].isna().all()
    assert (row["support_vectors"], row["training_seconds"], row["gamma"]) == (500, 1.5, 0.01)


def test_a_baseline_has_its_parameters_and_intervals_of_all_its_measures(table):
    row = table[table["estimator"] == "k_nearest_neighbours"].iloc[0]
    assert row["parameters_of_estimator"] == '{"n_neighbors": 5}'
    for name in ("accuracy", "balanced_accuracy", "macro_f1"):
        assert row[f"test_{name}_low"] < row[f"test_{name}"] < row[f"test_{name}_high"]


def test_the_records_of_a_row_are_the_files_of_all_its_seeds(study, table):
    files = [row.split() for row in table["records"]]
    assert [len(names) for names in files] == [2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    assert all((study.project.root / name).is_file() for names in files for name in names)
    assert files[0] == files[1] == study.sources("train", [study.configurations["keys"][0]])


def test_what_was_not_measured_has_its_state_and_no_numbers(tmp_path):
    project = write_study(tmp_path, CONTENT)
    for path in (project.metrics / "train").glob("*adam*"):
        path.unlink()
    project.record("svm", "mnist-rbf").unlink()
    table = export.tidy(Study.load(project))
    assert table["state"].tolist() == [
        *["measured"] * 2,
        *["missing"] * 2,
        *["measured", "missing"],
        *["measured"] * 5,
    ]
    lost = table[table["state"] == "missing"]
    numbers = ["test_accuracy", "test_accuracy_low", "test_macro_f1_high", "training_seconds"]
    assert lost[numbers].isna().all(axis=None)


def test_whole_numbers_stay_whole_in_a_file(table):
    first = table.to_csv(index=False).splitlines()[1].split(",")
    values = dict(zip(export.COLUMNS, first, strict=True))
    assert (values["batch_size"], values["epoch"], values["seeds"], values["degree"]) == ("16", "1", "2", "")


def test_the_epochs_that_early_stopping_kept_are_those_of_each_seed(tmp_path, table):
    assert table["stopped"].isna().all()

    def accuracy(run, epoch):
        return 0.9 - 0.1 * abs(epoch - 2 - run.seed)

    content = parameters(
        datasets=["mnist"], train={"epochs": 9, "grid": GRID}, svm={"configs": SVMS}, **PATIENT
    )
    stopped = export.tidy(Study.load(write_study(tmp_path, content, accuracy)))
    assert stopped["epoch"].tolist()[:2] == [9, 9]
    assert stopped["stopped"].tolist()[:2] == ["2 3", "2 3"]
    assert stopped["stopped"][2:].isna().all()
