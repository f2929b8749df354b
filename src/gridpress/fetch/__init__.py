"""Getting the files of a dataset: from a folder, a mirror or a package, whichever delivers what is pinned."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import numpy as np

from gridpress.config.dataset import Dataset
from gridpress.data import loading
from gridpress.fetch.catalog import sources
from gridpress.fetch.duplicates import digest, duplicates
from gridpress.fetch.obtain import missing, obtain
from gridpress.progress import console, progress
from gridpress.study.records.data import DataRecord, Sample, evenly_spread

FOLDER_VARIABLE = "GRIDPRESS_DATA"
SAMPLES_PER_CLASS, SAMPLED_CLASSES = 2, 20


def fetch(name: str, dataset: Dataset, folder: Path, *, local: Path | None = None) -> None:
    """Make `folder` hold exactly the decompressed, verified files of a dataset.

    Args:
        name: of the dataset.
        dataset: its declaration.
        folder: where the files go; a hidden folder beside it takes what is not verified yet.
        local: a folder to look in first; by default the one that GRIDPRESS_DATA names.

    Raises:
        GridpressError: no source delivered (each is listed with its reason), or `folder` cannot be written.
    """
    local = local or named_folder(Path())
    wanted = missing(folder, dataset.pins, _say)
    if not wanted:
        _say(f"{name}: all {len(dataset.files)} files are in place and verified")
        return
    with progress(f"fetch {name}", total=sum(pin.size for pin in wanted.values())) as advance:
        obtain(folder, wanted, sources(dataset, local), advance, _say)


def named_folder(root: Path) -> Path | None:
    """The folder that GRIDPRESS_DATA names, seen from `root`."""
    named = os.environ.get(FOLDER_VARIABLE)
    return root / Path(named).expanduser() if named else None


def describe(name: str, dataset: Dataset, folder: Path) -> DataRecord:
    """What a fetched dataset holds; raises GridpressError as `loading.load` does.

    The samples are the first two pooled images of each class, of twenty classes evenly spread at most.
    """
    images = loading.load(folder, dataset.format)
    counts = np.bincount(images.labels, minlength=images.classes)
    return DataRecord(
        schema_version=DataRecord.current,
        dataset=name,
        sha256={file: pin.sha256 for file, pin in dataset.pins.items()},
        images=len(images.labels),
        shape=list(dataset.shape),
        class_counts=counts.tolist(),
        labels=base64.b64encode(images.labels.astype("<u2").tobytes()).decode(),
        duplicates=duplicates(map(digest, images.pixels)),
        samples=[
            Sample(index=index, label=label, pixels=base64.b64encode(images.pixels[index].tobytes()).decode())
            for label in evenly_spread(range(images.classes), SAMPLED_CLASSES)
            for index in np.flatnonzero(images.labels == label)[:SAMPLES_PER_CLASS].tolist()
        ],
    )


def _say(text: str) -> None:
    console.print(text, markup=False)
