from __future__ import annotations

from itertools import combinations

import pytest

from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.encoding import USUAL, looks


@pytest.fixture(autouse=True)
def _usual_again():
    yield
    encoding.apply(USUAL)


def test_what_is_usually_compared_looks_the_same_in_every_study():
    few = looks(["rbf", "resnet34", "resnet18"])
    assert few == {name: looks(USUAL)[name] for name in few}
    assert [few[name].colour for name in ("resnet18", "resnet34")] == [style.BLUE, style.GREEN]
    assert [few[name].marker for name in ("resnet18", "resnet34")] == ["o", "^"]


def test_the_usual_ones_differ_in_colour_and_in_marker():
    for one, other in combinations(looks(USUAL).values(), 2):
        assert one.colour != other.colour
        assert one.marker != other.marker


def test_any_other_network_takes_a_place_that_is_left_in_the_order_given():
    found = looks(["vgg11_bn", "resnet18", "mobilenet_v3_small"])
    assert found["resnet18"] == looks(USUAL)["resnet18"]
    assert [found[name].colour for name in ("vgg11_bn", "mobilenet_v3_small")] == list(style.SERIES[1:3])


def test_no_two_of_eighty_are_alike():
    found = looks([*USUAL, *(f"network{number}" for number in range(72))])
    assert len(set(found.values())) == len(found) == 81


def test_names_beyond_the_study_still_have_a_look():
    encoding.apply(["vgg11_bn"])
    study = (encoding.colour("vgg11_bn"), encoding.marker("vgg11_bn"))
    assert study == (style.SERIES[0], style.MARKERS[0])
    assert (encoding.colour("alexnet"), encoding.marker("alexnet")) != study


def test_a_study_of_the_usual_names_changes_nothing():
    before = {name: (encoding.colour(name), encoding.marker(name)) for name in USUAL}
    encoding.apply(["resnet50", "rbf"])
    assert {name: (encoding.colour(name), encoding.marker(name)) for name in USUAL} == before
