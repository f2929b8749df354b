"""A folder that the user names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridpress.fetch.source import Files, Order, SourceError


@dataclass(frozen=True)
class LocalFolder:
    """Files in `folder`, or in its subfolder `dataset` where there is one; plain, or gzipped as `NAME.gz`."""

    folder: Path
    dataset: str

    @property
    def title(self) -> str:
        return f"folder {self.folder}"

    def deliver(self, order: Order) -> Files:
        if not self.folder.is_dir():
            raise SourceError("no such folder")
        inner = self.folder / self.dataset
        place = inner if inner.is_dir() else self.folder
        for name in order.pins:
            for path in (place / name, place / f"{name}.gz"):
                if path.is_file():
                    with path.open("rb") as file:
                        yield name, file
                    break
