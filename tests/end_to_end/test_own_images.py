"""People's own images, from `gridpress add` to a finished report, with the real DVC."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import pdf
from conftest import DECLARED, ROOT
from end_to_end.conftest import Clone
from gridpress.config.declared import declared
from gridpress.config.params import load_params
from gridpress.data import loading
from gridpress.study import profiles
from made_up import idx
from pipeline.conftest import edit

pytestmark = pytest.mark.extended

CLASSES = {"Grün": (60, (20, 200, 40)), "deep blue": (40, (20, 30, 210)), "red": (20, (220, 30, 20))}
MANY = 49


@dataclass(frozen=True)
class Case:
    """A dataset, where its source is made, how it is taken in, and what a study of it changes."""

    name: str
    classes: int
    make: Callable[[Path], Path] | None
    changes: dict[str, Any]
    words: tuple[str, ...]  # in the report


def noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 60, shape)


def colour_folder(folder: Path) -> Path:
    """Pictures of three unequal classes, and a few files that are none."""
    for number, (name, (images, colour)) in enumerate(CLASSES.items()):
        (folder / name).mkdir(parents=True)
        pixels = np.clip(np.array(colour) + noise((images, 20, 24, 3), number), 0, 255).astype(np.uint8)
        for at, image in enumerate(pixels):
            Image.fromarray(image).save(folder / name / f"{at:03}.png")
    (folder / "notes.txt").write_text("taken in May")
    (folder / "red" / ".DS_Store").write_bytes(b"\0")
    (folder / "red" / "list.csv").write_text("a,b")
    return folder


def idx_folder(folder: Path) -> Path:
    """Classes from 1 to 49, each a bright line of its own in images of 16 x 16 pixels."""
    folder.mkdir()
    for part, each in (("train", 12), ("test", 4)):
        labels = np.arange(MANY * each) % MANY
        pixels = noise((len(labels), 16, 16), each)
        pixels[np.arange(len(labels)), labels // 4] = 150 + 25 * (labels % 4)[:, None]
        for kind, values in (("images-idx3", pixels), ("labels-idx1", labels + 1)):
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(idx(values)))
    return folder


def imbalanced_npz(folder: Path) -> Path:
    """Two classes, one in eight of the second, in the layout of MedMNIST with a test part of its own."""
    folder.mkdir()
    arrays = {}
    for seed, (part, images) in enumerate({"train": 160, "val": 40, "test": 80}.items()):
        labels = (np.arange(images) % 8 == 0).astype(np.uint8)
        pixels = noise((images, 12, 12), seed)
        pixels[labels == 1, 4:8, 4:8] += 120
        arrays |= {f"{part}_images": pixels.astype(np.uint8), f"{part}_labels": labels[:, None]}
    np.savez_compressed(folder / "cells.npz", **arrays)
    return folder / "cells.npz"


CURVES = {"learning_curve": {"fractions": [0.2, 1.0], "epochs": [3]}}
COLOUR = {"train": {"channels": 3, "image_size": 20, "grid": {"model": ["small_cnn", "mlp"]}}}
OFFICIAL = {"data": {"split": {"test": "official"}}}
CASES = {
    "digits": Case("digits", 10, None, CURVES, ("Digits",)),
    "colour": Case("flags", 3, colour_folder, COLOUR, ("Flags", "Grün", "deep blue")),
    "many": Case("signs", MANY, idx_folder, {}, ("Signs", "49")),
    "imbalanced": Case("cells", 2, imbalanced_npz, OFFICIAL, ("Cells", "official")),
}


@dataclass(frozen=True)
class Finished:
    """A computed study with its case, and what was printed as its images were taken in."""

    case: Case
    clone: Clone
    said: str


def shrink(content: dict[str, Any], case: Case) -> None:
    """A small network of our own, one SVM and one baseline, and what a case changes."""
    content["datasets"] = [case.name]
    content["data"] |= {"train_samples": 5000, "train_eval_samples": "all", "val_samples": "all"}
    content["data"]["test_samples"] = "all"
    content["train"] |= {"epochs": 2, "milestones": [1], "image_size": 16}
    content["train"]["grid"] |= {"model": ["mlp"], "optimizer": ["adam"]}
    content["baseline"]["configs"].pop("histogram_gradient_boosting")
    content["hardware"]["measure"] |= {"models": ["small_cnn"], "image_size": 28}
    merge(content, case.changes)


def merge(content: dict[str, Any], changes: dict[str, Any]) -> None:
    """Put values into mappings of mappings."""
    for key, value in changes.items():
        if isinstance(value, dict):
            merge(content[key], value)
        else:
            content[key] = value


@pytest.fixture(scope="module", params=CASES)
def finished(request, tmp_path_factory, pristine) -> Finished:
    case = CASES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    clone = pristine.clone(folder / "a study")
    profiles.apply(clone.project, "smoke")
    said = ""
    if case.make:
        source = case.make(folder / "source")
        said = clone.call("gridpress", "add", case.name, str(source), "--title", case.words[0])
        shutil.rmtree(folder / "source")
    edit(clone.project.params, lambda content: shrink(content, case))
    shutil.rmtree(clone.project.metrics)
    (clone.root / "dvc.lock").unlink()
    clone.call("dvc", "repro")
    clone.commit()
    return Finished(case, clone, said)


@pytest.fixture
def study(finished, tmp_path) -> Clone:
    """A copy to change."""
    shutil.copytree(finished.clone.root, tmp_path / "study", symlinks=True)
    return Clone(tmp_path / "study", finished.clone.data)


def test_the_whole_study_is_computed_and_committed(finished):
    clone, params = finished.clone, load_params(finished.clone.project.params)
    assert clone.call("git", "status", "--porcelain") == ""
    assert "up to date" in clone.call("dvc", "status")
    dataset = params.dataset(finished.case.name)
    images = loading.load(clone.project.raw(finished.case.name), dataset.format)
    assert images.classes == finished.case.classes
    assert params.used(finished.case.name)["train"] == params.sizes(finished.case.name)["train"]
    assert "all there are; data.train_samples is 5000" in clone.call("gridpress", "plan")


def test_the_report_is_about_these_images_and_no_others(finished):
    report = pdf.text(finished.clone.project.report / "report.pdf")
    html = (finished.clone.project.report / "report.html").read_text(encoding="utf-8")
    for word in finished.case.words:
        assert word in report
        assert word in html
    for word in ("MNIST", "published stud", "torchvision’s ResNets", "Study A", "ResNet"):
        assert word not in report, word
    assert "Nothing was measured" not in report


def test_results_are_computed_again_exported_and_given_away(finished, tmp_path):
    clone, name = finished.clone, finished.case.name
    clone.call("gridpress", "verify", f"train@{name}-mlp-*", "svm@*", "--sample", "2")
    rows = list(csv.DictReader(io.StringIO(clone.call("gridpress", "export").partition("\n\n")[0])))
    assert {row["dataset"] for row in rows} == {name}
    clone.call("gridpress", "weights", name, "mlp", "--to", str(tmp_path / "weights"))
    assert sorted(path.suffix for path in (tmp_path / "weights").iterdir()) == [".md", ".safetensors"]


def test_a_variant_runs_only_its_own_stages(study, finished):
    ran = study.ran(study.call("dvc", "exp", "run", "-S", "train.grid.model=[mlp, lenet5]", "summarize"))
    assert {name for name in ran if name.startswith("train@")} == {
        name for name in ran if "lenet5" in name and name.startswith("train@")
    }
    assert any(name.startswith("train@") for name in ran)
    assert not {name for name in ran if name.startswith(("svm@", "baseline@", "fetch@"))}
    assert finished.case.name in study.call("dvc", "metrics", "show")


@pytest.mark.parametrize("finished", ["colour"], indirect=True)
def test_pixels_outlive_their_source_and_travel_by_a_remote(study, finished, tmp_path):
    name = finished.case.name
    files = {path.name: path.read_bytes() for path in study.project.raw(name).iterdir()}
    study.call("dvc", "repro", "--force", "--single-item", f"fetch@{name}")
    assert {path.name: path.read_bytes() for path in study.project.raw(name).iterdir()} == files
    study.call("dvc", "remote", "add", "--default", "store", str(tmp_path / "store"))
    study.commit()
    study.call("dvc", "push")
    other = study.clone(tmp_path / "another clone")
    other.call("dvc", "pull", f"fetch@{name}")
    assert {path.name: path.read_bytes() for path in other.project.raw(name).iterdir()} == files
    assert "all files there" in other.call("gridpress", "check", code=None)
    assert f"data/raw/{name}" not in other.call("dvc", "status")


@pytest.mark.parametrize("finished", ["colour"], indirect=True)
def test_what_was_left_out_is_named(finished):
    assert "left out 2 files: notes.txt, red/list.csv" in finished.said
    assert "20 to 60 of a class" in finished.said


def test_digits_are_declared_as_scikit_learn_ships_them(tmp_path):
    from gridpress.fetch import fetch  # noqa: PLC0415

    dataset = declared(ROOT)["digits"]
    fetch("digits", dataset, tmp_path / "digits")
    images = loading.load(tmp_path / "digits", dataset.format)
    assert images.pixels.shape == (1797, 1, 8, 8)
    assert DECLARED.keys().isdisjoint({"digits"})
