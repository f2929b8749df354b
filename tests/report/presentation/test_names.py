from __future__ import annotations

import math

import pytest

from gridpress.report.presentation import names


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("resnet18", "ResNet-18"),
        (0.0001, "0.0001"),
        (0.00001, "1e-5"),
        (0.0, "0"),
        (1.0, "1"),
        (None, "–"),
        (math.nan, "–"),
        (True, "yes"),
        ("scale", "scale"),
    ],
)
def test_values_are_written_for_readers(value, text):
    assert names.shown(value) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0.0123, "12.3 ms"),
        (4.56, "4.56 s"),
        (119.0, "119 s"),
        (120.0, "2 min"),
        (7200.0, "2 h"),
        (math.nan, "–"),
    ],
)
def test_durations_change_their_unit(duration, text):
    assert names.seconds(duration) == text


def test_differences_have_a_sign():
    assert names.points(0.0123) == "+1.23"
    assert names.points(-0.0123) == "−1.23"


def test_lists_end_in_and():
    assert names.listed(["a"]) == "a"
    assert names.listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("durations", "shown"),
    [
        ([0.0439, 30.5, 8.98], ["0.044", "30.500", "8.980"]),
        ([12.34, 520.06], ["12.3", "520.1"]),
        ([156.2, 1200.0], ["156", "1200"]),
        ([4.5, math.nan], ["4.50", "–"]),
        ([math.nan], ["–"]),
        ([], []),
    ],
)
def test_a_column_of_seconds_has_the_same_decimals_throughout(durations, shown):
    assert names.in_seconds(durations) == shown


def test_a_setting_that_a_configuration_does_not_have_is_not_named():
    rbf = {"degree": None, "C": 1.0, "gamma": 0.01}
    assert names.configuration(rbf, names.SVM_AXES) == "C 1, gamma 0.01"
    assert names.configuration({**rbf, "degree": 2.0, "gamma": math.nan}, names.SVM_AXES) == "degree 2, C 1"


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("SVM fit", "an SVM fit"),
        ("ResNet-18 training step", "a ResNet-18 training step"),
        ("AlexNet training step", "an AlexNet training step"),
        ("VGG-11-BN training step", "a VGG-11-BN training step"),
        ("MobileNetV2 training step", "a MobileNetV2 training step"),
    ],
)
def test_an_article_follows_the_sound(noun, said):
    assert names.with_article(noun) == said
