from __future__ import annotations

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml
from gridpress.report.contents import PROVENANCE, Contents
from gridpress.report.data.study import Study
from gridpress.report.export import tidy
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.sources import provenance
from report.builder import parameters, write_study


def test_every_item_but_its_own_is_listed_with_its_stages(study):
    sections = Contents(study)
    (table,) = sections[PROVENANCE]
    listed = {row[0].text: row[2].text for row in table.body}
    assert set(listed) == {
        item.reference for name, group in sections.items() if name != PROVENANCE for item in group
    }
    assert listed["tbl-grid-mnist"] == "train"
    assert listed["tbl-hardware-epyc-2core"] == "hardware and train"
    assert listed["fig-samples-mnist"] == "fetch"
    assert listed["tbl-parameters"] == "none"


def test_every_source_is_a_file_of_the_study(study):
    named = {path for group in Contents(study).values() for item in group for path in item.sources}
    assert set(study.run_sources) <= named
    assert [path for path in named if not (study.project.root / path).is_file()] == []


def test_export_has_one_row_per_configuration_and_milestone(study):
    table = tidy(study)
    assert len(table) == len(study.configurations) + len(study.svms) + len(study.baseline_runs)
    first = table.iloc[0]
    assert first["test_accuracy_low"] < first["test_accuracy"] < first["test_accuracy_high"]
    assert (study.project.root / first["records"]).is_file()
    assert table["chosen"].sum() == 3 * len(study.datasets)


def test_the_document_is_what_dvc_watches_of_it():
    deps = read_yaml(ROOT / "dvc.yaml")["stages"]["report"]["deps"]
    watched = {dep.removeprefix("report/") for dep in deps if dep.startswith("report/")}
    assert watched == {*provenance.DOCUMENT, "fonts"}


def test_what_rendering_leaves_behind_does_not_change_the_digest_of_the_source(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    for name in provenance.DOCUMENT:
        (project.report / name).parent.mkdir(parents=True, exist_ok=True)
        (project.report / name).write_text(name, encoding="utf-8")
    study = Study.load(project)
    before = provenance.source_digest(study)
    (project.report / "report.typ").write_text("left by a failed rendering", encoding="utf-8")
    assert provenance.source_digest(study) == before
    (project.report / "report.lua").write_text("changed", encoding="utf-8")
    assert provenance.source_digest(study) != before


def test_the_accuracies_of_every_family_lead_to_their_records(study):
    found = Contents(study)
    said = paragraphs("check", found, study=study, digests={})
    for section in ("grid", "svm", "baseline"):
        assert all(f"@{table.reference}" in said for table in found[section])
        links = [cell.link for table in found[section] for row in table.body for cell in row if cell.link]
        assert links
