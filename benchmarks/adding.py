"""Taking in a folder of pictures: `gridpress add` against torchvision's `ImageFolder` reading the same.

The published way reads every picture once, as uint8 tensors of the size that is stored, through a
`DataLoader` with as many workers as there are cores: what each epoch of a training on such a folder costs.
Ours is the whole command, once and for all: it also looks at every file first, finds equal images, writes and
hashes the pixels.

Expected: about 8 minutes, three of them to draw the pictures.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from PIL import Image
from tabulate import tabulate
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

from benchmarks.results import SEED, Adding, AddingCase, Comparison, Setup
from benchmarks.study import call
from gridpress.benchmark.timing import orders
from gridpress.errors import GridpressError
from gridpress.pipeline.smoke import copy_tree
from gridpress.progress import progress
from gridpress.study.project import Project
from gridpress.system.machine import describe

PASSES = 5
CLASSES = 10
BATCH_SIZE = 256
NAME = "drawn"


class Folder(NamedTuple):
    """Pictures to take in: how many, their size in pixels and format, and the side that is stored."""

    name: str
    files: int
    height: int
    width: int
    ending: str
    stored: int


FULL = (Folder("small PNG", 40_000, 32, 32, "png", 32), Folder("photographs", 2_000, 480, 640, "jpg", 64))
QUICK = (Folder("small PNG", 40, 32, 32, "png", 32), Folder("photographs", 20, 48, 64, "jpg", 32))


def measure(setup: Setup) -> Iterator[Adding]:
    """The record after every pass of a folder."""
    folders, passes = (QUICK if setup.quick else FULL), setup.repeats or (1 if setup.quick else PASSES)
    workers = describe().usable_cores
    cases: list[AddingCase] = []
    with (
        TemporaryDirectory() as place,
        progress("adding", (1 + 2 * passes) * sum(f.files for f in folders)) as advance,
    ):
        study = Project(Path(place) / "study")
        copy_tree(setup.project, study)
        for folder in folders:
            source = draw(Path(place) / "pictures", folder)
            advance(folder.files)
            seconds: tuple[list[float], list[float]] = ([], [])
            for order in orders(2, passes, SEED):
                for number in order:
                    taken = (
                        add(study, setup.project, source, folder) if number else read(source, folder, workers)
                    )
                    seconds[number].append(taken)
                    advance(folder.files)
                yield Adding(workers=workers, cases=[*cases, case(folder, source, *seconds)])
            cases.append(case(folder, source, *seconds))
            shutil.rmtree(source)


def draw(place: Path, folder: Folder) -> Path:
    """Class folders of smooth noise, which compresses as photographs do."""
    rng = np.random.default_rng(SEED)
    for number in range(CLASSES):
        (place / str(number)).mkdir(parents=True)
    for number in range(folder.files):
        coarse = rng.integers(0, 256, (folder.height // 8, folder.width // 8, 3), dtype=np.uint8)
        image = Image.fromarray(coarse).resize((folder.width, folder.height), Image.Resampling.BICUBIC)
        image.save(place / str(number % CLASSES) / f"{number}.{folder.ending}")
    return place


def read(source: Path, folder: Folder, workers: int) -> float:
    """Seconds of one pass over `ImageFolder`."""
    size = [folder.stored, folder.stored]
    steps = transforms.Compose(
        [transforms.Resize(folder.stored), transforms.CenterCrop(size), transforms.PILToTensor()]
    )
    begin = time.perf_counter()
    found = sum(
        len(labels)
        for _, labels in DataLoader(ImageFolder(source, steps), batch_size=BATCH_SIZE, num_workers=workers)
    )
    seconds = time.perf_counter() - begin
    if found != folder.files:
        raise GridpressError(f"ImageFolder read {found} of {folder.files} pictures")
    return seconds


def add(study: Project, project: Project, source: Path, folder: Folder) -> float:
    """Seconds of `gridpress add`; what it wrote is taken away again."""
    seconds, _ = call(study, project, "gridpress", "add", NAME, str(source), "--size", str(folder.stored))
    shutil.rmtree(study.raw(NAME))
    (study.root / "data" / "datasets" / f"{NAME}.yaml").unlink()
    return seconds


def case(folder: Folder, source: Path, published: list[float], ours: list[float]) -> AddingCase:
    """Of the passes so far."""
    return AddingCase(
        name=folder.name,
        files=folder.files,
        bytes=sum(path.stat().st_size for path in source.rglob(f"*.{folder.ending}")),
        height=folder.height,
        width=folder.width,
        stored=folder.stored,
        seconds=Comparison.of_seconds(published, ours),
    )


def table(result: Adding) -> str:
    """A row per folder."""
    rows = [
        (
            f"{case.name}, {case.files} of {case.height} x {case.width}",
            f"{case.seconds.published.median.value:.3g}",
            f"{case.seconds.ours.median.value:.3g}",
            f"{case.seconds.ratio.value:.2f}",
        )
        for case in result.cases
    ]
    return str(tabulate(rows, headers=("", "ImageFolder, s", "add, s", "ratio"), disable_numparse=True))
