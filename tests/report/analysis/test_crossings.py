from __future__ import annotations

from itertools import pairwise

import pytest

from gridpress.families.networks import NETWORKS
from gridpress.report.analysis.crossings import crossings, difference, difference_interval
from gridpress.report.data.study import Study
from report.builder import parameters, write_study


def test_a_line_crosses_between_the_two_sizes_at_which_it_turns(with_curves):
    found = crossings(with_curves)
    assert found
    for crossing in found:
        (before, behind), (after, ahead) = crossing.before, crossing.after
        assert before.classifier == after.classifier == crossing.overtaking.classifier
        assert behind.classifier == ahead.classifier == crossing.overtaken.classifier
        assert crossing.overtaken.family is not NETWORKS
        assert (before.images, after.images) in pairwise([245, 980, 4900, 49000])
        assert difference(before, behind) < 0 < difference(after, ahead)
        assert before.images < crossing.images < after.images
        assert difference_interval(before, behind).low < difference(before, behind)


def test_where_lines_are_as_far_apart_on_both_sides_they_cross_in_the_middle_of_the_logarithms(with_curves):
    crossing = crossings(with_curves)[0]
    lead, gain = -difference(*crossing.before), difference(*crossing.after)
    share = lead / (lead + gain)
    low, high = crossing.before[0].images, crossing.after[0].images
    assert crossing.images == pytest.approx(low ** (1 - share) * high**share)


def test_without_points_nothing_crosses(tmp_path):
    assert crossings(Study.load(write_study(tmp_path, parameters(datasets=["mnist"])))) == []
