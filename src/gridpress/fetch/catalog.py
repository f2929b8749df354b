"""Where a dataset is to be found, in the order in which to ask."""

from __future__ import annotations

from pathlib import Path

from gridpress.config import dataset as declaration
from gridpress.config.dataset import Dataset
from gridpress.fetch.library import Library
from gridpress.fetch.local import LocalFolder
from gridpress.fetch.mirror import Mirror
from gridpress.fetch.package import DebianPackage, NpmPackage
from gridpress.fetch.source import Source


def sources(dataset: Dataset, local: Path | None) -> list[Source]:
    """The user's folder, if one is named; then those that the dataset declares."""
    return [*([LocalFolder(local, dataset.title)] if local else []), *map(_source, dataset.sources)]


def _source(declared: declaration.Source) -> Source:
    match declared:
        case declaration.MirrorSource():
            return Mirror(declared.mirror)
        case declaration.NpmSource():
            return NpmPackage(declared.npm, declared.member)
        case declaration.LibrarySource():
            return Library(declared.library)
        case declaration.DebianSource():
            return DebianPackage(declared.debian, declared.member)
