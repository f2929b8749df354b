from __future__ import annotations

import pytest

from gridpress.report.analysis import trends
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.svm import trend_plots
from report.builder import parameters, write_study

RBF = {
    f"rbf-{place}": {"kernel": "rbf", "C": c, "gamma": "scale"} for place, c in enumerate((10.0, 0.1, 1.0))
}


@pytest.fixture
def small(tmp_path):
    """A study of one dataset with these SVMs, of given accuracy."""

    def write(configs, accuracy):
        content = parameters(datasets=["mnist"], svm={"configs": configs})
        return Study.load(write_study(tmp_path, content, svm_accuracy=accuracy))

    return write


def prose(study: Study) -> str:
    return " ".join(paragraphs("svm", Contents(study), facts(study), study=study).split())


def test_lines_join_svms_that_differ_in_one_setting_alone(study):
    found = {trend.axis: trend for trend in trends.trends(study)}
    assert list(found) == ["C", "degree", "gamma"]
    for axis, trend in found.items():
        for panel in trend.panels:
            for line in panel.lines:
                configs = [study.svm[row["key"]].config.model_dump() for row in line.rows]
                values = [config.pop(axis) for config in configs]
                assert all(config == configs[0] for config in configs)
                assert len(set(values)) == len(values) > 1
    assert {panel.kernel for panel in found["degree"].panels} == {"poly"}
    lengths = [len(line.rows) for panel in found["C"].panels for line in panel.lines if panel.kernel == "rbf"]
    assert sorted(lengths) == [2, 2, 3, 3]


def test_values_rise_along_a_line_whatever_their_order_in_params(small):
    (trend,) = trends.trends(small(RBF, lambda _run: 0.9))
    assert trend.ticks == [0.1, 1.0, 10.0]
    assert [row["C"] for row in trend.panels[0].lines[0].rows] == [0.1, 1.0, 10.0]


@pytest.mark.parametrize(
    ("accuracy", "words"),
    [
        (lambda run: 0.8 if run.config.C < 5 else 0.9, "rises by 10.00 points"),
        (lambda run: 0.9 if run.config.C < 5 else 0.8, "falls by 10.00 points"),
        (lambda run: 0.9 if run.config.C < 5 else 0.901, "does not change distinguishably (+0.10 points)"),
    ],
)
def test_the_sentence_says_what_the_records_say(small, accuracy, words):
    study = small(RBF, accuracy)
    (figure,) = trend_plots.figures(study)
    sentence = f"from 0.1 to 10: on MNIST test accuracy {words}"
    assert figure.alt == f"Line plots of accuracy against C, {sentence}."
    assert f"C, {sentence}." in prose(study)


def test_lines_that_disagree_are_called_so(small):
    configs = {
        f"{gamma}-{place}": {"kernel": "rbf", "C": c, "gamma": gamma}
        for gamma in ("scale", "auto")
        for place, c in enumerate((0.1, 1.0))
    }

    def accuracy(run):
        return 0.8 + (0.1 if run.config.C == 1 and run.config.gamma == "auto" else 0)

    found = {trend.axis: trend for trend in trends.trends(small(configs, accuracy))}
    assert found["C"].panels[0].words == "changes by +0.00 to +10.00 points, distinguishably in 1 of 2 lines"


def test_numbers_come_before_words(small):
    configs = {
        f"rbf-{place}": {"kernel": "rbf", "C": 1.0, "gamma": gamma}
        for place, gamma in enumerate(("scale", 0.1, "auto", 0.01))
    }
    (trend,) = trends.trends(small(configs, lambda _run: 0.9))
    assert trend.ticks == [0.01, 0.1, "scale", "auto"]
    assert "from 0.01 to auto" in trend.sentence


def test_one_svm_has_no_trend_and_the_text_says_so(small):
    study = small({"one": {"kernel": "rbf", "C": 1.0, "gamma": 0.01}}, lambda _run: 0.9)
    assert list(trend_plots.figures(study)) == []
    assert "there is no trend to show" in prose(study)


def test_a_missing_svm_shortens_its_lines(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"], svm={"configs": RBF}))
    project.record("svm", "mnist-rbf-0").unlink()
    (trend,) = trends.trends(Study.load(project))
    assert trend.ticks == [0.1, 1.0]


def test_same_svm_under_two_names_is_one_point(small):
    (trend,) = trends.trends(small({**RBF, "again": RBF["rbf-0"]}, lambda _run: 0.9))
    assert [row["name"] for row in trend.panels[0].lines[0].rows] == ["rbf-1", "rbf-2", "rbf-0"]
