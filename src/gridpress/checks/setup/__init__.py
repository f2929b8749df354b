"""What is wrong with a study's setup, in plain words. Everything is only looked at: nothing is written."""

from __future__ import annotations

from collections.abc import Sequence

from gridpress.checks.setup import data, disk, environment, git, pipeline, results, runs, variants
from gridpress.checks.setup.finding import Finding, summary, table
from gridpress.config.params import Params
from gridpress.study.project import Project
from gridpress.study.repository import look

__all__ = ["Finding", "check", "summary", "table"]


def check(project: Project, params: Params) -> Sequence[Finding]:
    """One finding per part of the setup, from profiles and Python to DVC and the records."""
    repository = look(project)
    busy = pipeline.busy(project)
    return [
        variants.state(project),
        environment.python(project),
        environment.packages(project),
        environment.quarto(),
        runs.state(project, params),
        disk.space(project, params),
        data.state(project, params, busy=busy),
        git.state(repository),
        pipeline.state(project, params, repository, busy=busy),
        results.state(project, params, repository, busy=busy),
    ]
