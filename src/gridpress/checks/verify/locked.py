"""Whether results, code and parameters are those that dvc.lock records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gridpress.checks.setup.results import wanted
from gridpress.checks.verify.committed import shown
from gridpress.config.params import Params
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.messages import counted
from gridpress.pipeline.lockfile import judge, places
from gridpress.pipeline.lockfile.entries import load, outputs
from gridpress.pipeline.stages import network
from gridpress.stages import runs_by_name
from gridpress.study.project import Project


def faults(project: Project, params: Params) -> Iterator[str]:
    """One line for every result that is not what dvc.lock records, and for what changed since then.

    dvc.lock is read and nothing more.
    """
    lock = places.lock(project)
    if not lock.is_file():
        yield "dvc.lock: missing; `gridpress check` says what brings it back"
        return
    entries = load(lock)
    if entries is None:
        yield "dvc.lock: DVC could not read it; `gridpress check` says what brings it back"
        return
    recorded = {path for entry in entries.values() for path in outputs(entry)}
    folder = project.metrics / CHOSEN  # which DVC records as a whole
    files = [path for _, path in wanted(project, params) if path.parent != folder]
    results = {
        shown(project, path): path
        for path in [*files, folder, project.summary, project.curves, project.final]
    }
    for name, path in results.items():
        if not path.exists() and name in recorded:
            yield f"{name}: missing, but dvc.lock records it; `git checkout {name}` brings it back"
        elif path.exists() and name not in recorded:
            yield f"{name}: dvc.lock does not record it; `gridpress repro` computes it under DVC"
    yield from judge.edited_results(project.root, results, entries.values())
    runs = [entries[name] for name in runs_by_name(params) if name in entries]
    yield from judge.changed_sources(project.root, runs)
    yield from network.changed(project, params)
    values = judge.parameter_files(project.root)
    changed = Counter(name for entry in runs for name in judge.changed_parameters(entry, values))
    for name, number in changed.items():
        yield f"{name}: changed since {counted(number, 'run')} used it; `gridpress repro` computes again"
