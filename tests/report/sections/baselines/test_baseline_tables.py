from __future__ import annotations

from gridpress.families.baselines import BASELINES
from gridpress.report.analysis.best import of_family, overall
from gridpress.report.analysis.recipes import link
from gridpress.report.data.study import Study
from gridpress.report.sections.baselines.baseline_tables import tables
from report.builder import parameters, save, write_study


def test_every_record_has_a_row_with_its_settings_and_its_accuracy(study):
    found = list(tables(study))
    assert [table.reference for table in found] == ["tbl-baseline-mnist", "tbl-baseline-fashion-mnist"]
    records = [r for r in study.records["baseline"].values() if r.dataset == "mnist"]
    assert found[0].data["test_accuracy"].tolist() == [record.test.accuracy for record in records]
    assert found[0].data["settings"].tolist()[:3] == ["C 0.01, max_iter 1000", "C 0.1", "n_neighbors 5"]


def test_the_choice_is_marked_once_as_in_the_export(study):
    chosen = {best.key for best in overall(of_family(study, BASELINES)).values()}
    for table in tables(study):
        marked = [cell for row in table.body for cell in row if cell.marked]
        assert [cell.link for cell in marked] == [
            link("baseline", key) for key in table.data["key"] if key in chosen
        ]
        assert len(marked) == 1
        assert not any(cell.bold for row in table.body for cell in row)
        assert "bold" not in table.caption


def test_of_several_configurations_of_an_estimator_the_choice_is_bold(build):
    forest = {"estimator": "random_forest", "scaling": "none"}
    forests = {f"forest{trees}": forest | {"parameters": {"n_estimators": trees}} for trees in (10, 20)}
    nearest = {"estimator": "k_nearest_neighbours", "scaling": "none", "parameters": {}}
    study = build(datasets=["mnist"], baseline={"configs": forests | {"nearest": nearest}})
    (table,) = tables(study)
    assert sum(cell.bold for row in table.body for cell in row) == 2
    assert "bold the choice for each estimator" in table.caption


def test_a_solver_that_did_not_converge_is_marked_and_explained(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    key = "mnist-logistic_regression"
    record = Study.load(project).records["baseline"][key]
    save(record.model_copy(update={"converged": False}), project.record("baseline", key))
    (table,) = tables(Study.load(project))
    assert [cell.text for row in table.body for cell in row if cell and cell.text.endswith("*")] == [
        "7\u202f850*"
    ]
    assert "* its solver stopped before it converged" in table.caption


def test_without_records_there_is_no_table(build):
    study = build(datasets=["mnist"])
    study.records["baseline"].clear()
    assert list(tables(study)) == []
