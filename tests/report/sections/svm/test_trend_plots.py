from __future__ import annotations

import json

import matplotlib.pyplot as plt
import numpy as np

from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.sections.svm import trend_plots
from gridpress.stats.intervals import wilson
from report.builder import parameters, write_study


def test_data_are_those_of_the_records_with_wilson_intervals(study):
    rows = [row for figure in trend_plots.figures(study) for row in figure.data.to_dict("records")]
    assert {row["key"] for row in rows} == study.svm.keys()
    for row in rows:
        record = study.svm[row["key"]]
        interval = wilson(record.test_samples - len(record.test.misclassified.index), record.test_samples)
        assert (row["test_accuracy"], row["validation_accuracy"]) == (
            record.test.accuracy,
            record.validation.accuracy,
        )
        assert (row["low"], row["high"]) == (interval.low, interval.high)


def test_panels_share_their_axes_and_every_line_has_its_label(study):
    figure = next(iter(trend_plots.figures(study)))
    drawn = figure.draw()
    panels = [axes for axes in drawn.axes if axes.axison]
    assert len(panels) == 4
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in panels}) == 1
    assert sorted(text.get_text() for text in panels[0].texts) == [
        "degree 2, gamma auto",
        "degree 2, gamma scale",
        "degree 3, gamma auto",
        "degree 3, gamma scale",
    ]
    plt.close(drawn)


def test_no_marker_covers_another(study):
    style.apply()
    figures = [*trend_plots.figures(study)]
    assert figures
    for figure in figures:
        drawn = figure.draw()
        drawn.draw_without_rendering()
        for axes in (axes for axes in drawn.axes if axes.axison):
            filled = [line for line in axes.lines if line.get_markerfacecolor() != "white"]
            assert len(axes.lines) == 2 * len(filled) > 0
            places = np.concatenate([axes.transData.transform(line.get_xydata()) for line in axes.lines])
            apart = np.linalg.norm(places[:, None] - places[None], axis=-1)[np.triu_indices(len(places), 1)]
            assert apart.min() > 0.9 * filled[0].get_markersize() * drawn.dpi / 72
        plt.close(drawn)


def test_a_changed_record_changes_only_figures_that_show_it(tmp_path):
    project = write_study(tmp_path, parameters())
    before = {figure.reference: figure for figure in trend_plots.figures(Study.load(project))}
    path = project.record("svm", "mnist-rbf-C10-gscale")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["validation"]["accuracy"] -= 0.01
    path.write_text(json.dumps(content), encoding="utf-8")
    after = {figure.reference: figure for figure in trend_plots.figures(Study.load(project))}
    changed = {name for name in before if not before[name].data.equals(after[name].data)}
    assert changed == {"fig-svm-trend-c"}
