"""A study knows some datasets by name before it has their images."""

from __future__ import annotations

import pytest

from conftest import ROOT
from gridpress.adding.known import FOLDER, known
from gridpress.errors import InputError
from gridpress.fetch.library import NAMES

GOOD = "source: sklearn:digits\ntitle: Digits\ncitation: A. B.\nlicence: CC0\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "digits.yaml").write_text(GOOD)
    return tmp_path


def test_it_says_where_the_images_are_and_what_they_are_called(root):
    found = known(root, "digits")
    assert (found.source, found.title, found.citation, found.licence) == (
        "sklearn:digits",
        "Digits",
        "A. B.",
        "CC0",
    )
    assert found.note is None


def test_one_that_is_not_known_needs_a_source(root, tmp_path):
    with pytest.raises(
        InputError, match=r"^digit needs a SOURCE; known without one: digits. Did you mean digits\?$"
    ):
        known(root, "digit")
    with pytest.raises(InputError, match=r"^x needs a SOURCE; known without one: none.$"):
        known(tmp_path / "elsewhere", "x")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace("source: sklearn:digits\n", ""), "source is missing"),
        (GOOD + "more: 1\n", "more is not a known key"),
        (GOOD.replace("title: Digits", "title: <b>"), "title is '<b>'; it must begin with a letter"),
        ("[]", "the file is .*; it must hold keys and values"),
    ],
)
def test_a_file_that_is_wrong_is_named(root, text, why):
    (root / FOLDER / "digits.yaml").write_text(text)
    with pytest.raises(InputError, match=rf"^data/known/digits.yaml: {why}"):
        known(root, "digits")


@pytest.mark.committed
def test_those_of_the_study_name_what_their_libraries_have():
    names = {path.stem for path in (ROOT / FOLDER).iterdir()}
    assert names >= {"kmnist", "cifar10"}
    assert {known(ROOT, name).source for name in names} <= set(NAMES)
