from __future__ import annotations

import shutil

import pytest

from conftest import FROZEN
from gridpress.errors import GridpressError
from gridpress.pipeline.stages import report
from gridpress.study.project import Project


@pytest.fixture
def project(tmp_path):
    shutil.copytree(FROZEN.root, tmp_path / "study")
    return Project(tmp_path / "study")


def test_a_report_that_fails_leaves_no_manifest(project, monkeypatch):
    def render(document):
        document.with_name("manifest.json").write_text("{}", encoding="utf-8")
        raise GridpressError("the PDF failed")

    project.report.mkdir()
    monkeypatch.setattr(report, "render", render)
    with pytest.raises(GridpressError, match="the PDF failed"):
        report.run(project)
    assert not project.manifest.exists()


def test_a_report_that_is_rendered_keeps_the_manifest_of_its_cells(project, monkeypatch):
    def render(document):
        document.with_name("manifest.json").write_text("{}", encoding="utf-8")
        return [document.with_suffix(".html")]

    project.report.mkdir()
    monkeypatch.setattr(report, "render", render)
    assert report.run(project) == [project.report / "report.html"]
    assert project.manifest.read_text(encoding="utf-8") == "{}"
