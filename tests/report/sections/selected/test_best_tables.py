"""The tables of what validation chose say what the records say, with both families side by side."""

from __future__ import annotations

import pytest

from gridpress.config.baselines import ESTIMATORS
from gridpress.report.data.study import Study
from gridpress.report.sections.baselines import baseline_tables
from gridpress.report.sections.selected import best_tables
from gridpress.report.sections.selected.best_tables import best_networks, classifiers, cross_method
from gridpress.report.sections.svm import svm_tables
from report.builder import parameters, write_study

MODELS = ["resnet18", "resnet50"]
GRID = {"model": MODELS, "batch_size": [16, 32], "optimizer": ["adam"], "learning_rate": [0.001]}
SVMS = {
    "poly": {"kernel": "poly", "degree": 2, "C": 1.0, "gamma": "scale"},
    "rbf": {"kernel": "rbf", "C": 1.0, "gamma": "scale"},
}
ACCURACY = {"resnet18": 0.95, "resnet50": 0.93, "rbf": 0.90, "poly": 0.80}


def network(run, epoch):
    return ACCURACY[run.model] - 0.1 * (run.batch_size == 32) - 0.05 * (epoch == 1) - 0.01 * run.seed


def svm(run):
    return ACCURACY[run.config.kernel]


@pytest.fixture
def study(tmp_path):
    def made(**grid) -> Study:
        content = parameters(datasets=["mnist"], train={"grid": GRID | grid}, svm={"configs": SVMS})
        return Study.load(write_study(tmp_path / "study", content, network, svm))

    return made


def cells(item) -> dict[str, list[str]]:
    """The texts below each title."""
    titles = [header.text for header in item.head[0]]
    found = {title: [] for title in titles}
    for row in item.body:
        texts = [cell.text for cell in row if cell is not None]
        for title, text in zip(titles[-len(texts) :], texts, strict=True):
            found[title].append(text)
    return found


def test_each_network_has_the_configuration_that_validation_chose(study):
    (item,) = best_networks(study())
    found = cells(item)
    assert found["Network"] == ["ResNet-18", "ResNet-50"]
    assert all("batch size 16" in words and words.endswith("2 epochs") for words in found["Configuration"])
    assert found["Validation (%)"] == found["Test (%)"] == ["95.00", "93.00"]
    assert found["Not distinguishable"] == ["0 of 3", "0 of 3"]
    assert "Over seeds (%)" not in found
    assert "seeds" not in item.caption


def test_with_several_seeds_their_mean_stands_beside_the_leading_one(study):
    (item,) = best_networks(study(seed=[0, 1]))
    found = cells(item)
    assert found["Test (%)"] == ["95.00", "93.00"]
    assert [words.split(" (")[0] for words in found["Over seeds (%)"]] == ["94.50", "92.50"]
    assert "Configurations are chosen by the mean over their seeds" in item.caption


def test_an_accuracy_leads_to_its_record(study):
    (item,) = best_networks(study())
    links = [cell.link for row in item.body for cell in row if cell is not None and cell.link]
    assert links == [f"#record-train-mnist-{model}-16-adam-0.001-fp32-device-default" for model in MODELS]


def test_networks_come_before_svms_and_the_best_by_validation_is_marked(study):
    (item,) = cross_method(study())
    found = cells(item)
    assert found["Classifier"][:2] == ["ResNet-18", "ResNet-50"]
    assert {*found["Classifier"][2:4]} == {"RBF SVM", "Polynomial SVM"}
    assert len(found["Classifier"]) == 4 + len(ESTIMATORS)
    marked = [cell.text for row in item.body for cell in row if cell is not None and cell.marked]
    assert marked == ["95.00"]


def test_each_other_classifier_is_tested_against_the_best_and_the_best_against_none(study):
    (item,) = cross_method(study())
    found = cells(item)
    accuracies = dict(zip(found["Test (%)"], found["Difference"], strict=True))
    assert accuracies["95.00"] == "–"
    assert accuracies["93.00"].startswith("−2.00 (−")
    assert accuracies["80.00"].startswith("−15.00 (−")
    tested = dict(zip(found["Test (%)"], found["p"], strict=True))
    assert (tested["95.00"], tested["80.00"]) == ("–", "< 0.001")
    assert set(item.data["winner"]) == {True, False}


def test_the_size_is_in_the_unit_of_each_family(study):
    here = study()
    (item,) = cross_method(here)
    sizes = dict(zip(item.data["classifier"], item.data["size"], strict=True))
    assert (sizes["resnet18"], sizes["rbf"]) == (11_181_642, 500)
    assert "parameters (networks)" in best_tables.sizes()
    assert "support vectors (SVMs)" in best_tables.sizes()
    assert best_tables.sizes() in item.caption


def test_its_sources_are_the_records_and_the_timings_of_all_seeds(study):
    here = study(seed=[0, 1])
    found = best_tables.sources(here, classifiers(here))
    assert len(found) == len(set(found)) == 2 * (1 + 2) + 2 * (1 + 1) + 5 * (1 + 1)
    assert all((here.project.root / path).is_file() for path in found)
    assert sum("timing" in path for path in found) == 11


def test_without_records_there_is_no_table(study):
    project = study().project
    for kind in ("train", "svm", "baseline"):
        for path in (project.metrics / kind).iterdir():
            path.unlink()
    nothing = Study.load(project)
    assert [*best_networks(nothing), *cross_method(nothing)] == []


def test_other_measures_stand_with_their_intervals_in_a_table_of_their_own(study):
    here = study()
    others = [*svm_tables.tables(here), *baseline_tables.tables(here)]
    assert len(others) == 2
    for item in (*best_networks(here), *cross_method(here), *others):
        assert "intervals: @tbl-measures." in item.caption
