from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.sections.setup import study_setup
from report.builder import parameters, save, write_study
from report.made_up.machine import MACHINE

ROW = "Not as in constraints.txt"


def rows(study: Study) -> dict[str, list[str]]:
    (table,) = study_setup.machines(study)
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.body}


def test_versions_other_than_pinned_are_shown_and_else_not_mentioned(tmp_path, study):
    assert ROW not in rows(study)
    project = write_study(tmp_path / "study", parameters(datasets=["mnist"]))
    key, timing = next(iter(Study.load(project).timings["svm"].items()))
    differs = {"torch": "2.15.0 instead of 2.14.1", "numpy": "2.5.0 instead of 2.4.6"}
    machine = MACHINE.model_copy(update={"differs_from_constraints": differs})
    save(timing.model_copy(update={"machine": machine}), project.timing("svm", key))
    found = rows(Study.load(project))
    text = "torch 2.15.0 instead of 2.14.1 and numpy 2.5.0 instead of 2.4.6"
    assert sorted(found[ROW]) == sorted(["–", text])
    assert found["Used for"][found[ROW].index(text)] == "1 SVM fit"


def test_parameters_begin_with_those_of_the_published_studies(study):
    assert [table.name for table in study_setup.parameters(study)] == ["studies", "parameters"]


def test_parameters_are_those_that_the_file_holds_and_no_defaults(study):
    data = [*study_setup.parameters(study)][1].data
    found = dict(zip(data["key"], data["value"], strict=True))
    assert found["modern.augmentation.shift"] == "0.1"
    assert "modern.augmentation.flip" not in found
    assert found["configs.rbf-C1-gscale"] == "kernel: rbf, C: 1.0, gamma: scale"
