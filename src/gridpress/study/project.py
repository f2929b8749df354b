"""Where things lie in a study's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridpress.errors import InputError


@dataclass(frozen=True)
class Project:
    """Paths of one study, below the folder that holds `params.yaml` and `dvc.yaml`."""

    root: Path

    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def profiles(self) -> Path:
        """The folder of variants of params.yaml."""
        return self.root / "profiles"

    def raw(self, dataset: str) -> Path:
        """The folder of the verified files of a dataset."""
        return self.root / "data" / "raw" / dataset

    @property
    def published(self) -> Path:
        return self.root / "data" / "published"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def summary(self) -> Path:
        return self.metrics / "summary.json"

    @property
    def curves(self) -> Path:
        """Training curves of what validation chose, for `dvc plots`."""
        return self.metrics / "curves.json"

    @property
    def images(self) -> Path:
        """The test images that the report shows."""
        return self.metrics / "images.json"

    def record(self, kind: str, key: str) -> Path:
        """The record of a stage: kind is `data`, `hardware` or the stage of a family."""
        return self.metrics / kind / f"{key}.json"

    def timing(self, kind: str, key: str) -> Path:
        """What varies between two runs of a stage: seconds, machine, versions."""
        return self.metrics / "timing" / kind / f"{key}.json"

    @property
    def report(self) -> Path:
        return self.root / "report"

    @property
    def rendered(self) -> list[Path]:
        """The finished document."""
        return [self.report / "report.html", self.report / "report.pdf"]

    @property
    def is_rendered(self) -> bool:
        return all(path.is_file() for path in self.rendered)

    @property
    def final(self) -> Path:
        """What the final models are worth."""
        return self.metrics / "final.json"

    @property
    def manifest(self) -> Path:
        """A digest per table and figure: what DVC knows of the report."""
        return self.report / "manifest.json"

    @property
    def scratch(self) -> Path:
        """Git-ignored and unknown to DVC: checkpoints, and copies of the study at toy size."""
        return self.root / "scratch"


def find_project(start: Path | None = None) -> Project:
    """The study around `start` (by default the working directory).

    Raises:
        InputError: neither the folder nor one above it holds `params.yaml` and `dvc.yaml`; says so if one of
            them is missing from what is a study otherwise.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "params.yaml").is_file() and (folder / "dvc.yaml").is_file():
            return Project(folder)
    for folder in (start, *start.parents):
        if (folder / "src" / "gridpress").is_dir():
            lacks = [name for name in ("params.yaml", "dvc.yaml") if not (folder / name).is_file()]
            raise InputError(
                f"{' and '.join(lacks)} {'is' if len(lacks) == 1 else 'are'} missing from {folder}; "
                f"`git checkout {' '.join(lacks)}` brings back what was committed"
            )
    raise InputError(
        f"{start} is not inside a Gridpress study: no params.yaml beside a dvc.yaml here or above.\n"
        "Go to the folder that you cloned and call the command again."
    )
