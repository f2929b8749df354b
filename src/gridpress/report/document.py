"""What the cells of report.qmd call: they print Markdown."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

from gridpress.project import find_project
from gridpress.report import hardware, markup, style
from gridpress.report.contents import contents
from gridpress.report.export import tidy
from gridpress.report.findings import facts
from gridpress.report.items import Item
from gridpress.report.names import shown
from gridpress.report.prose import paragraphs
from gridpress.report.provenance import command_of, digests, experiment_of
from gridpress.report.study import Study


class Document:
    """The study as Markdown, section by section; pictures go to `figures/` beside the document."""

    def __init__(self, study: Study) -> None:
        style.apply()
        self.study = study
        self.folder = study.project.report

    @classmethod
    def open(cls, start: Path | None = None) -> Document:
        """The study around the working directory; raises as `find_project` and `Study.load` do."""
        return cls(Study.load(find_project(start)))

    @cached_property
    def sections(self) -> dict[str, list[Item]]:
        return contents(self.study)

    def show(self, *sections: str) -> None:
        """Print all tables and figures of some sections."""
        for section in sections:
            if not self.sections[section]:
                sys.stdout.write("\n*Nothing was measured for this part.*\n\n")
            for item in self.sections[section]:
                sys.stdout.write(item.markdown(self.folder))

    def say(self, template: str) -> None:
        """Print the paragraphs of a template."""
        text = paragraphs(template, self.sections, study=self.study, **self._facts)
        sys.stdout.write(f"\n{text}\n")

    def records(self) -> None:
        """Print, per dataset, the record of every training run and SVM with the commands that compute it again."""
        for dataset in self.study.datasets:
            lines = []
            for key, run in self.study.train_runs.items():
                if run.dataset == dataset:
                    path = self.study.source("train", key)
                    lines += [path, f"    {command_of(path)}", f"    {experiment_of(run)}"]
            for key, fit in self.study.svm_runs.items():
                if fit.dataset == dataset:
                    path = self.study.source("svm", key)
                    lines += [path, f"    {command_of(path)}"]
            summary = f"Records and commands: {shown(dataset)}"
            block = "\n".join(["```", *lines, "```"])
            sys.stdout.write(f'\n::: {{.details summary="{summary}"}}\n\n{block}\n\n:::\n')

    def download(self) -> None:
        """Print a link to all results as one CSV file, which the page carries."""
        content = tidy(self.study).to_csv(index=False, lineterminator="\n")
        sys.stdout.write(f"\n{markup.download('All results as one CSV table', 'results.csv', content)}\n")

    @cached_property
    def _facts(self) -> dict[str, object]:
        return {**facts(self.study), "hardware": hardware.facts(self.study), "digests": digests(self.study)}
