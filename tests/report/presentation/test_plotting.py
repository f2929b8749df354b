from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gridpress.report.presentation import plotting


def test_labels_that_are_far_apart_stay():
    assert plotting.spread_out([0.1, 0.9, 0.5], 0.1) == pytest.approx([0.1, 0.9, 0.5])
    assert plotting.spread_out([], 0.1) == []


def test_labels_that_are_near_part_by_the_gap_around_their_middle():
    assert plotting.spread_out([0.5, 0.52], 0.1) == pytest.approx([0.46, 0.56])


def test_of_labels_at_one_height_the_first_is_on_top():
    assert plotting.spread_out([0.5, 0.5, 0.5], 0.1) == pytest.approx([0.6, 0.5, 0.4])


def test_no_label_changes_its_order_or_comes_too_near():
    heights = list(np.random.default_rng(0).uniform(size=20))
    placed = np.array(plotting.spread_out(heights, 0.04))[np.argsort(heights)]
    assert np.diff(placed).min() >= 0.04 - 1e-9


@pytest.mark.parametrize(
    ("rate", "text"), [(1.2512e12, "1.25 TFLOP/s"), (9.6e10, "96 GFLOP/s"), (999.9e6, "1 GFLOP/s")]
)
def test_rates_have_three_significant_digits_and_a_prefix(rate, text):
    assert plotting.scaled(rate, "FLOP/s") == text


def test_two_kinds_differ_by_fill_and_more_by_marker():
    assert plotting.kinds(["one"]) == {"one": {}}
    assert plotting.kinds(["one", "two"]) == {"one": {}, "two": plotting.HOLLOW}
    many = plotting.kinds([f"kind {place}" for place in range(18)])
    assert len({tuple(look.items()) for look in many.values()}) == 18


def test_where_kinds_are_told_by_marker_networks_are_named_by_colour_alone():
    figure = plt.figure(layout="constrained")
    plotting.legend(figure, ["resnet18"], plotting.kinds(["one", "two", "three"]))
    network, *kinds = figure.legends[0].get_lines()
    assert (network.get_marker(), network.get_linestyle()) == ("", "-")
    assert len({line.get_marker() for line in kinds}) == 3
    plt.close(figure)
