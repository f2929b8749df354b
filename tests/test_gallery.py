"""The studies of docs/gallery can be computed: their sources can be taken in, and their profiles fit."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image

from adding.conftest import quiet
from conftest import ROOT
from docs.gallery.make import ENTRIES, HERE
from gridpress.adding.add import add
from gridpress.config.declared import FOLDER, declared
from gridpress.config.params import parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.study import profiles
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project

CLASSES = {"digits": 10, "photographs": 2, "two_digits": 100}


@pytest.mark.committed
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_its_images_are_taken_in_and_its_profile_is_valid_for_them(entry, tmp_path):
    study = Project(tmp_path / "study")
    shutil.copytree(ROOT / FOLDER, study.root / FOLDER)
    if entry.source:
        (tmp_path / "source").mkdir()
        given = dict(zip(entry.options[::2], entry.options[1::2], strict=True))
        add(
            study,
            entry.name,
            str(entry.source(tmp_path / "source")),
            size=None,
            fit="crop",
            group=given.get("--group"),
            title=given["--title"],
            show=quiet,
        )
    patch = read_yaml(HERE / f"{entry.name}.yaml")
    content = profiles.patched(read_yaml(ROOT / "params.yaml"), patch)
    params = parse_params(content, declared(study.root))
    assert len(params.dataset(entry.name).classes) == CLASSES[entry.name]
    assert params.datasets == [entry.name]
    assert train_runs(params)
    assert svm_runs(params)


def test_every_study_has_a_picture_that_the_page_shows_and_there_are_no_others():
    page = (HERE / "README.md").read_text(encoding="utf-8")
    names = {entry.name for entry in ENTRIES}
    assert {path.stem for path in HERE.glob("*.png")} == {path.stem for path in HERE.glob("*.yaml")} == names
    for name in names:
        assert f"]({name}.png)" in page
        assert f"]({name}.yaml)" in page
        with Image.open(HERE / f"{name}.png") as picture:
            assert picture.height > picture.width > 400
