"""What the cells of report.qmd call: they print Markdown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis import recipes
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.export import tidy
from gridpress.report.manifest import manifest, write_manifest
from gridpress.report.presentation import encoding, markup, style
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.study.project import find_project


class Document:
    """The study as Markdown, section by section; pictures go to `figures/` beside the document."""

    def __init__(self, study: Study) -> None:
        style.apply()
        encoding.apply(_classifiers(study))
        self.study = study
        self.folder = study.project.report

    @classmethod
    def open(cls, start: Path | None = None) -> Document:
        """The study around the working directory; raises as `find_project` and `Study.load` do."""
        return cls(Study.load(find_project(start)))

    @cached_property
    def sections(self) -> Contents:
        return Contents(self.study)

    def show(self, *sections: str) -> None:
        """Print all tables and figures of some sections."""
        items = [item for section in sections for item in self.sections[section]]
        if not items:
            sys.stdout.write("\n*Nothing was measured for this part.*\n\n")
        for item in items:
            sys.stdout.write(item.markdown(self.folder))

    def say(self, template: str) -> None:
        """Print the paragraphs of a template."""
        text = paragraphs(template, self.sections, self._facts, study=self.study)
        sys.stdout.write(f"\n{text}\n")

    def records(self) -> None:
        """Print every run with its record and the commands that compute it again."""
        for box in recipes.listing(self.study):
            sys.stdout.write(box)

    def download(self) -> None:
        """Print a link to all results as one CSV file, which the page carries."""
        content = tidy(self.study).to_csv(index=False, lineterminator="\n")
        sys.stdout.write(f"\n{markup.download('All results as one CSV table', 'results.csv', content)}\n")

    def write_manifest(self) -> None:
        """Leave the digests of all tables and figures beside the document; print nothing."""
        write_manifest(self.study.project.manifest, manifest(self.study, self.sections))

    @cached_property
    def _facts(self) -> Mapping[str, Callable[[], object]]:
        return facts(self.study)


def _classifiers(study: Study) -> list[str]:
    """Of all families, in the order of params.yaml, and the networks of the hardware benchmark."""
    trained = [family.classifier(run) for family in FAMILIES for run in family.runs(study.params).values()]
    networks = study.params.hardware.measure.models
    return [*study.params.train.grid.model, *networks, *trained]
