"""Whether what params.yaml asks for can be computed at all, as the libraries that compute it tell."""

from __future__ import annotations

from gridpress.checks.setup.finding import Finding
from gridpress.config.params import Params
from gridpress.stages import RUN_STAGES
from gridpress.study.project import Project


def state(project: Project, params: Params) -> Finding:
    """Networks at the size of the images, by a forward pass on nothing, and parameters of estimators."""
    try:
        from gridpress.benchmark.unmeasurable import unmeasurable  # noqa: PLC0415  # torch

        faults = [fault for stage in RUN_STAGES for fault in stage.impossible(params, project.root)]
        faults += unmeasurable(params)
    except ImportError as error:
        return Finding("runs", f"not looked at, as {error.name or 'a package'} is not installed")
    if faults:
        return Finding("runs", "some cannot be computed", faults, given=True)
    return Finding("runs", "networks take the images, estimators their parameters")
