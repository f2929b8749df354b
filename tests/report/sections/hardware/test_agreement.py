from __future__ import annotations

import matplotlib.pyplot as plt

from gridpress.report.data.study import Study
from report.made_up.reading import MACHINE, changed, items, prose


def test_sentence_on_agreement_turns_around(mutable):
    text = prose(Study.load(mutable))
    assert "`cpu-bf16` they deviate more, by 0.05" in text

    def calm(record):
        record["agreement"]["rounding"]["largest_difference"] = 0.06

    text = prose(changed(mutable, calm))
    assert "deviate more" not in text
    assert "`cpu-bf16`, `cpu-channels-last` deviate no more than after a rounding-sized" in text


def test_table_tells_which_targets_deviate_more_than_rounding(study):
    rows = {row[0].text: row[-1].text for row in items(study)[f"tbl-agreement-{MACHINE}"].body}
    assert (rows["cpu-bf16"], rows["cpu-channels-last"]) == ("beyond", "within")


def test_each_target_has_its_panels_of_losses(with_gpu):
    figure = items(with_gpu)[f"fig-agreement-{MACHINE}"]
    drawn = figure.draw()
    agreement = with_gpu.hardware[MACHINE].agreement
    titles = {
        axes: axes.get_title(loc="left") or axes.get_title() for axes in drawn.axes
    }  # as the style has it
    panels = {title: axes for axes, title in titles.items() if title}
    assert list(panels) == [curve.target for curve in agreement.curves]
    for curve in agreement.curves:
        reference, target = (list(line.get_ydata()) for line in panels[curve.target].lines)
        assert (reference, target) == (agreement.reference, curve.losses)
    assert len({axes.get_ylim() for axes in panels.values()}) == 1
    (legend,) = drawn.legends
    looks = [(line.get_linestyle(), line.get_linewidth()) for line in legend.get_lines()]
    assert len(set(looks)) == len(looks) > 1
    plt.close(drawn)
