from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd

from conftest import DECLARED
from gridpress.report.sections.hardware import returns
from gridpress.report.sections.hardware.gains import gains
from report.made_up.reading import items, prose


def test_flops_that_are_counted_but_not_executed_are_explained(study, build):
    said = "training without weight decay leaves them out"
    assert said in items(study)["fig-return"].caption
    assert said not in items(build(train={"image_size": 64}))["fig-return"].caption


def test_with_the_small_stem_all_that_is_counted_is_executed(build):
    study = build(datasets=["mnist"], train={"grid": {"model": ["resnet18"], "recipe": ["modern"]}})
    assert "training without weight decay" not in items(study)["fig-return"].caption


def test_sentence_names_the_network_that_gains_most_on_each_dataset(study):
    text, table = prose(study), gains(study)
    assert table["dataset"].nunique() == 2
    assert "highest on MNIST for ResNet-18" in text
    assert ", on FashionMNIST for ResNet-18" in text


def test_each_dataset_has_the_marker_of_its_declaration_and_its_title_in_the_legend():
    row = {"model": "resnet18", "optimizer": "sgd"} | {
        f"{name}{end}": 1.0 for name in ("per_second", "per_teraflop") for end in ("", "_low", "_high")
    }
    drawn = returns._draw(pd.DataFrame([row | {"dataset": name} for name in DECLARED]), DECLARED)
    (legend,) = drawn.legends
    assert [text.get_text() for text in legend.get_texts()] == ["ResNet-18", "FashionMNIST", "MNIST"]
    assert [line.get_marker() for line in drawn.axes[0].lines] == ["s", "o"]
    assert [line.get_marker() for line in legend.get_lines()][1:] == ["s", "o"]
    plt.close(drawn)
