from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from gridpress.report.sections.hardware import returns_plot
from gridpress.report.sections.hardware.gains import gains

from .reading import items, prose


def test_flops_that_are_counted_but_not_executed_are_explained(study, build):
    said = "training without weight decay leaves them out"
    assert said in items(study)["fig-return"].caption
    assert said not in items(build(train={"image_size": 64}))["fig-return"].caption


def test_sentence_names_the_network_that_gains_most_on_each_dataset(study):
    text, table = prose(study), gains(study)
    assert table["dataset"].nunique() == 2
    assert "highest on MNIST for ResNet-18" in text
    assert ", on FashionMNIST for ResNet-18" in text


def looks(datasets):
    """Marker and fill of what is drawn for each dataset, by name in the legend."""
    row = {"model": "resnet18", "optimizer": "sgd"} | {
        f"{name}{end}": 1.0 for name in ("per_second", "per_teraflop") for end in ("", "_low", "_high")
    }
    drawn = returns_plot.draw(pd.DataFrame([row | {"dataset": dataset} for dataset in datasets]))
    (legend,) = drawn.legends
    texts = [text.get_text() for text in legend.get_texts()]
    assert texts == ["ResNet-18", *datasets]
    marks = [(line.get_marker(), line.get_markerfacecolor()) for line in drawn.axes[0].lines]
    named = [line.get_marker() for line in legend.get_lines()][1:]
    plt.close(drawn)
    return marks, named


def test_two_datasets_are_told_apart_by_fill():
    (first, second), _ = looks(["one", "two"])
    assert first[0] == second[0]
    assert (first[1] == "white", second[1] == "white") == (False, True)


def test_any_number_of_datasets_is_told_apart_and_named():
    marks, named = looks(["one", "two", "three", "four"])
    assert len({marker for marker, _ in marks}) == 4
    assert named == [marker for marker, _ in marks]
    marks, named = looks([f"d{place}" for place in range(12)])
    assert len(set(marks)) == 12
