from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.sections.baselines.baseline_tables import tables
from report.builder import parameters, save, write_study


def test_every_record_has_a_row_with_its_settings_and_its_accuracy(study):
    found = list(tables(study))
    assert [table.reference for table in found] == ["tbl-baseline-mnist", "tbl-baseline-fashion-mnist"]
    records = [r for r in study.records["baseline"].values() if r.dataset == "mnist"]
    assert found[0].data["test_accuracy"].tolist() == [record.test.accuracy for record in records]
    assert found[0].data["settings"].tolist()[:3] == ["C 0.01, max_iter 1000", "C 0.1", "n_neighbors 5"]
    marked = [cell.text for row in found[0].body for cell in row if cell is not None and cell.marked]
    assert len(marked) == len(records)  # one configuration of each estimator


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
