from __future__ import annotations

import io
import json
import re
import shutil
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from gridpress.render.document import CodeCell, read_document
from gridpress.report.contents import PROVENANCE, SECTIONS
from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.manifest import manifest
from report.builder import PATIENT, ROOT, parameters, peaking, write_study
from report.made_up.runs import diverged

QMD = ROOT / "report" / "report.qmd"
ONE = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}
ONE_OF_EACH = {
    "datasets": ["fashion_mnist"],
    "train": {
        "epochs": 1,
        "milestones": [1],
        "grid": {"model": ["resnet50"], "batch_size": [16], "optimizer": ["adam"], "learning_rate": [0.001]},
    },
    "svm": {"configs": {"one": {"kernel": "rbf", "C": 1.0, "gamma": 0.01}}},
    "hardware": {
        "measure": {"models": ["resnet18"], "optimizers": ["sgd"], "targets": {"cpu-1-thread": ONE}}
    },
}


def printed(study: Study) -> str:
    """What the cells of report.qmd print."""
    _, *cells = (part.source for part in read_document(QMD).parts if isinstance(part, CodeCell))
    report = Document(study)  # what the first one opens
    with redirect_stdout(io.StringIO()) as out:
        for source in cells:
            exec(source, {"report": report})  # noqa: S102  our own document
    return out.getvalue()


@pytest.fixture(scope="module")
def text(study: Study) -> str:
    """What they print of the whole study; its figures and manifest are written."""
    return printed(study)


def references(text: str) -> tuple[list[str], set[str]]:
    """Names of floats in order, and references to them."""
    return re.findall(r"\{#((?:tbl|fig)-[\w-]+)", text), set(
        re.findall(r"@((?:tbl|fig)-[a-z0-9-]*[a-z0-9])", text)
    )


def check(text: str) -> None:
    visible = re.sub(r"\]\(data:.*?\)", "", text)
    assert re.findall(r".{0,60}\bnan\b.{0,60}", visible) == []
    anchors = set(re.findall(r"\{(?:\.text )?#([\w.-]+)", text))
    assert {link.removeprefix("#") for link in re.findall(r'<a href="(#.*?)"', text)} <= anchors
    names, used = references(text)
    assert "tbl-parameters" in names  # else nothing was printed
    assert len(names) == len(set(names))
    assert used <= set(names)
    prose = re.sub(r"<t[dh].*?</t[dh]>", "", text)
    assert not re.search(r"\bnan\b|\bNone\b|\bTrue\b|\bFalse\b(?! discovery)", prose)


def test_document_shows_every_section_once_in_the_order_of_the_contents():
    shown = [
        name
        for call in re.findall(r"report\.show\((.*)\)", QMD.read_text(encoding="utf-8"))
        for name in re.findall(r'"([\w-]+)"', call)
    ]
    assert shown == [*SECTIONS, PROVENANCE]


def test_all_references_lead_somewhere(study, text):
    check(text)
    assert references(text)[0] == [
        item.reference for group in Document(study).sections.values() for item in group
    ]


@pytest.mark.usefixtures("text")
def test_the_manifest_is_of_what_was_printed(study):
    sections = Document(study).sections
    assert json.loads(study.project.manifest.read_text(encoding="utf-8")) == manifest(study, sections)


def test_figures_are_written_beside_the_document(study, text):
    pictures = re.findall(r"\]\((figures/[\w-]+\.svg)\)", text)
    assert len(pictures) > 10
    for picture in pictures:
        assert (study.project.report / picture).read_text(encoding="utf-8").startswith("<?xml")


def test_a_study_of_one_of_each_is_a_whole_report(build):
    check(printed(build(**ONE_OF_EACH)))


@pytest.mark.parametrize(
    "others", [{}, {"poly2-C1": {"kernel": "poly", "degree": 2, "C": 1.0, "gamma": "auto"}}]
)
def test_linear_and_sigmoid_kernels_have_their_titles_and_formulas(build, others):
    linear = {f"linear-C{c}": {"kernel": "linear", "C": float(c)} for c in (1, 10)}
    sigmoid = {f"sigmoid-C{c}": {"kernel": "sigmoid", "C": float(c), "gamma": 0.001} for c in (1, 10)}
    text = printed(build(datasets=["mnist"], svm={"configs": {**linear, **sigmoid, **others}}))
    check(text)
    assert "Linear SVM" in text
    assert "- linear: $k(x, x')" in text
    assert "- sigmoid: $k(x, x')" in text


def test_a_study_of_longer_axes_is_a_whole_report(build):
    grid = {"model": ["resnet18", "resnet34", "resnet50"], "seed": [0, 1], "precision": ["fp32", "bf16"]}
    check(printed(build(datasets=["mnist"], train={"grid": grid})))


def test_diverged_and_missing_results_are_said_and_leave_a_report(study, tmp_path):
    project = write_study(tmp_path, parameters())
    keys = list(study.train)
    for key in keys[:16]:
        record = diverged(study.train[key], 1)
        project.record("train", key).write_text(record.model_dump_json(), encoding="utf-8")
    project.record("train", keys[20]).unlink()
    project.record("data", "mnist").unlink()
    project.record("hardware", "epyc-2core").unlink()
    text = printed(Study.load(project))
    check(text)
    assert "This study is not complete" in text
    assert "diverged" in text


@pytest.mark.parametrize("kind", ["train", "svm", "hardware", "data", "timing"])
def test_a_report_is_left_without_all_records_of_a_kind(kind, tmp_path):
    project = write_study(tmp_path, parameters())
    shutil.rmtree(project.metrics / kind)
    check(printed(Study.load(project)))


def test_a_report_is_left_with_nothing_but_parameters(tmp_path):
    project = write_study(tmp_path, parameters())
    shutil.rmtree(project.metrics)
    check(printed(Study.load(project)))


@pytest.mark.usefixtures("text")
def test_figures_are_the_same_bytes_twice(study, tmp_path):
    for group in Document(study).sections.values():
        for item in group:
            item.markdown(tmp_path)
    drawn = list(Path(tmp_path / "figures").iterdir())
    assert drawn
    for picture in drawn:
        assert picture.read_bytes() == (study.project.report / "figures" / picture.name).read_bytes()


@pytest.mark.parametrize("recipes", [["modern"], ["modern", "default"], ["patient"]], ids="-".join)
def test_a_study_of_other_recipes_is_a_whole_report(tmp_path, recipes):
    patient = parameters()["recipes"]["default"] | PATIENT["recipes"]["default"]
    content = parameters(
        datasets=["mnist"], recipes={"patient": patient}, train={"epochs": 5, "grid": {"recipe": recipes}}
    )
    check(printed(Study.load(write_study(tmp_path, content, peaking))))
