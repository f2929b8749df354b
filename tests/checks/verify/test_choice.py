from __future__ import annotations

import pytest

from gridpress.checks.verify.choice import draw, matching
from gridpress.errors import InputError

NAMES = [
    *(f"train@{dataset}-{model}" for dataset in ("mnist", "fashion_mnist") for model in ("a", "b", "c")),
    *(f"svm@{dataset}-rbf" for dataset in ("mnist", "fashion_mnist")),
]


def test_no_pattern_stands_for_everything():
    assert matching([], NAMES) == NAMES


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("mnist-a", ["train@mnist-a"]),
        ("svm@mnist-rbf", ["svm@mnist-rbf"]),
        ("mnist-*", ["train@mnist-a", "train@mnist-b", "train@mnist-c", "svm@mnist-rbf"]),
        ("svm@*", ["svm@mnist-rbf", "svm@fashion_mnist-rbf"]),
    ],
)
def test_a_pattern_is_a_name_a_key_or_either_with_wildcards(pattern, found):
    assert matching([pattern], NAMES) == found


def test_a_run_that_two_patterns_name_is_named_once():
    assert matching(["mnist-a", "train@mnist-a"], NAMES) == ["train@mnist-a"]


def test_an_unknown_name_is_refused_with_the_nearest_that_there_are():
    with pytest.raises(InputError, match=r"no run named 'mnist-d'\. Did you mean mnist-[abc] or ") as error:
        matching(["mnist-a", "mnist-d"], NAMES)
    assert "It asks for 8, such as train@mnist-a." in str(error.value)


def test_without_any_run_an_unknown_name_is_refused_too():
    with pytest.raises(InputError, match=r"no run named 'mnist-d'\. It asks for 0\."):
        matching(["mnist-d"], [])


def test_two_runs_are_one_of_each_kind():
    for seed in range(20):
        assert {name.split("@")[0] for name in draw(NAMES, 2, seed)} == {"train", "svm"}


def test_the_seed_decides_the_draw_and_every_run_can_be_drawn():
    assert draw(NAMES, 3, seed=5) == draw(NAMES, 3, seed=5)
    assert {name for seed in range(100) for name in draw(NAMES, 2, seed)} == set(NAMES)


def test_more_than_there_are_is_all_of_them_each_once():
    assert sorted(draw(NAMES, 100, seed=0)) == sorted(NAMES)
    assert draw(NAMES, 0, seed=0) == []
