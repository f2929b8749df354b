from __future__ import annotations

import matplotlib.pyplot as plt

from gridpress.report.sections.selected.calibration import drawn, error_of, reliability


def test_every_chosen_network_and_the_best_of_each_other_family_is_drawn_with_its_error(study):
    (figure,) = reliability(study)
    names = [best.name for best in drawn(study) if best.dataset == "mnist"]
    assert names == ["ResNet-18", "ResNet-50", "RBF SVM", "Random forest"]
    drawing = figure.draw()
    labels = [text.get_text() for text in drawing.axes[0].get_legend().get_texts()]
    assert labels == [
        f"{best.name}: {100 * error_of(best):.2f}" for best in drawn(study) if best.dataset == "mnist"
    ]
    plt.close(drawing)


def test_its_data_are_the_bins_of_the_records(study):
    (figure,) = reliability(study)
    best = drawn(study)[0]
    here = figure.data[figure.data["key"] == best.key]
    assert here["images"].tolist() == list(best.test.reliability.images)
    assert len(here) == 15


def test_without_a_classifier_there_is_no_figure(build):
    study = build(datasets=["mnist"])
    for found in study.records.values():
        found.clear()
    assert list(reliability(study)) == []
