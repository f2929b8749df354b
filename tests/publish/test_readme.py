"""README.md: what it says of results is computed, and nothing else in it is a figure."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conftest import ROOT
from gridpress.errors import InputError
from gridpress.publish import readme
from gridpress.report.data.study import Study
from gridpress.study.project import Project
from made_up import scored
from report.builder import PATIENT, parameters, peaking, write_study

ALLOWED = (
    r"Python 3\.\d+",
    r"8 GB of disk",  # what an installation takes, checked by nobody but the disk
    r"(Res|Le)Net-\d+",
    r"\bF1\b",
    r"Quarto 1\.\d+",  # tests/render/test_versions.py
    r"[Ee]xit code \d",
)


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Study:
    return Study.load(write_study(tmp_path_factory.mktemp("study"), parameters()))


def typed(text: str) -> list[str]:
    """Words with a digit that a person typed: not in a generated part, a listing or code."""
    for name in readme.PARTS:
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", "", text, flags=re.DOTALL)
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)
    for allowed in ALLOWED:
        text = re.sub(allowed, "", text)
    return re.findall(r"\S*\d\S*", text)


@pytest.mark.committed
def test_generated_parts_are_up_to_date(text):
    assert readme.refreshed(text, Study.load(Project(ROOT))) == text, (
        "`make docs` brings README.md up to date"
    )


def test_no_figure_is_typed_by_hand(text):
    assert typed(text) == []


def test_a_typed_figure_is_found(text):
    assert typed(text + "\nIt reaches 99.3 % in 5 s.\n") == ["99.3", "5"]


def test_another_result_is_another_table(text, study):
    chosen = next(iter(study.svm))
    perfect = scored(1.0, images=study.used("mnist", "test"))
    best = study.svm[chosen].model_copy(update={"validation": perfect, "test": perfect})
    records = study.records | {"svm": study.svm | {chosen: best}}
    changed = replace(study, records=records)
    assert "| 100.00 " in readme.results(changed)
    assert readme.refreshed(text, changed) != readme.refreshed(text, study)


def test_without_measurements_the_readme_says_so(study, tmp_path):
    elsewhere = replace(study, project=Project(tmp_path))
    assert readme.performance(elsewhere) == readme.trust(elsewhere) == "Not measured yet.\n"


@pytest.mark.parametrize("name", readme.PARTS)
def test_a_missing_marker_is_named(text, study, name):
    with pytest.raises(InputError, match=f"lacks the lines <!-- {name} -->"):
        readme.refreshed(text.replace(f"<!-- /{name} -->", ""), study)


def test_configurations_are_counted_over_all_families(study):
    number = sum(map(len, (study.train_runs, study.svm_runs, study.baseline_runs)))
    said = f"among {number} configurations of 3 families (networks, SVMs and baselines), trained on"
    assert said in readme.results(study)


def test_the_epoch_that_early_stopping_kept_is_named(tmp_path):
    content = parameters(datasets=["mnist"], train={"epochs": 9}, **PATIENT)
    found = readme.results(Study.load(write_study(tmp_path, content, peaking)))
    assert "early stopping at epoch 2 of 9" in found
    assert "9 epochs" not in found
