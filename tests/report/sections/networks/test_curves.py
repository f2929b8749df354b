from __future__ import annotations

import matplotlib.pyplot as plt

from gridpress.report.presentation import style
from gridpress.report.sections.networks import curves


def test_panels_of_a_network_share_a_range_that_its_own_curves_fill(study):
    style.apply()
    item = next(iter(curves.figures(study)))
    assert "all panels of a network on the same axes" in item.caption
    drawn = item.draw()
    assert len({axes.get_xlim() for axes in drawn.axes}) == 1
    limits: dict[str, set[tuple[float, float]]] = {}
    heights: dict[str, list[float]] = {}
    for axes in drawn.axes:
        for line in axes.lines:
            limits.setdefault(str(line.get_color()), set()).add(axes.get_ylim())
            heights.setdefault(str(line.get_color()), []).extend(line.get_ydata())
    assert len(limits) == len(study.params.train.grid.model) > 1
    for colour, ((low, high),) in limits.items():
        assert low < min(heights[colour]) <= max(heights[colour]) < high
        span = max(heights[colour]) - min(heights[colour])
        assert high - low < 1.5 * max(span, 0.2)
    plt.close(drawn)


def test_one_network_needs_no_word_about_networks(build):
    item = next(iter(curves.figures(build(train={"grid": {"model": ["resnet18"]}}))))
    assert "all panels on the same axes" in item.caption


def test_pairs_of_seeds_differ_in_shade(build):
    seeds = [0, 1, 2]
    item = next(iter(curves.figures(build(train={"grid": {"seed": seeds}}))))
    assert "One pair of lines per seed (0, 1 and 2), darker from one to the next." in item.caption
    drawn = item.draw()
    for axes in drawn.axes:
        assert len(axes.lines) == 2 * len(seeds)
        assert len({line.get_color() for line in axes.lines}) == len(seeds)
    plt.close(drawn)
