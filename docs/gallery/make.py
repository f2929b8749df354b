"""Three small studies of other images, computed from nothing; the first page of each as a picture.

`python -m docs.gallery.make [NAME …]`: half an hour on two cores, without any network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_sample_images

from benchmarks.first_page import picture
from gridpress.fetch.library import DIGITS, load
from gridpress.pipeline.smoke import copy_without_results
from gridpress.study import profiles
from gridpress.study.project import Project

HERE = Path(__file__).parent
PATCH = 32  # pixels a side
PAIRS = 40  # images of each two-digit number
SEED = 0


@dataclass(frozen=True)
class Entry:
    """A study of the gallery: its profile is the file of this name.

    Attributes:
        name: of the dataset and of the files.
        source: makes what `gridpress add` takes in, in an empty folder; None for a dataset that is declared.
        options: of `gridpress add`.
    """

    name: str
    source: Callable[[Path], Path] | None = None
    options: tuple[str, ...] = ()


def photographs(folder: Path) -> Path:
    """Class folders of square patches, row by row, of the two photographs that scikit-learn ships with."""
    found = load_sample_images()
    for path, pixels in zip(found.filenames, found.images, strict=True):
        place = folder / Path(path).stem
        place.mkdir()
        for row, top in enumerate(range(0, pixels.shape[0] - PATCH + 1, PATCH)):
            for column, left in enumerate(range(0, pixels.shape[1] - PATCH + 1, PATCH)):
                patch = Image.fromarray(pixels[top : top + PATCH, left : left + PATCH])
                patch.save(place / f"row-{row:02}-column-{column:02}.png")
    return folder


def two_digits(folder: Path) -> Path:
    """An `.npz` of the numbers 0 to 99, each of two of scikit-learn's digits, in the layout of Keras."""
    [digits] = load(DIGITS, folder).parts
    members = [np.flatnonzero(digits.labels == digit) for digit in range(10)]
    rng = np.random.default_rng(SEED)

    def images(each: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        labels = np.arange(100 * each) % 100
        pairs = [(rng.choice(members[label // 10]), rng.choice(members[label % 10])) for label in labels]
        return np.stack(
            [np.hstack([digits.images[left], digits.images[right]]) for left, right in pairs]
        ), labels

    (x_train, y_train), (x_test, y_test) = images(PAIRS), images(PAIRS // 4)
    path = folder / "two_digits.npz"
    np.savez_compressed(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


ENTRIES = (
    Entry("digits"),
    Entry(
        "photographs",
        photographs,
        ("--group", "[a-z]+/row-[0-9]+", "--title", "Patches of two photographs"),
    ),
    Entry("two_digits", two_digits, ("--title", "Two digits")),
)


def make(entry: Entry, study: Project) -> None:
    """Compute it in a copy of `study`; leave the picture beside its profile."""
    copy = Project(study.scratch / "gallery" / entry.name)
    copy_without_results(study, copy)
    if entry.source:
        with TemporaryDirectory() as folder:
            source = entry.source(Path(folder))
            _call(copy, "gridpress", "add", entry.name, str(source), *entry.options)
    shutil.copy(HERE / f"{entry.name}.yaml", copy.profiles)
    profiles.apply(copy, entry.name)
    _call(copy, "git", "add", "--all")
    _call(copy, "gridpress", "repro")
    picture(copy.report / "report.pdf", HERE / f"{entry.name}.png")


def _call(study: Project, *command: str) -> None:
    subprocess.run(command, cwd=study.root, check=True)


if __name__ == "__main__":
    wanted = sys.argv[1:] or [entry.name for entry in ENTRIES]
    for entry in ENTRIES:
        if entry.name in wanted:
            make(entry, Project(HERE.parents[1]))
