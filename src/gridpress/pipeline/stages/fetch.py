"""`gridpress fetch DATASET`."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from gridpress.config.declared import declared
from gridpress.config.params import load_params
from gridpress.errors import InputError
from gridpress.fetch import describe, fetch, named_folder
from gridpress.messages import not_allowed
from gridpress.study.project import Project
from gridpress.study.records.store import save


def link_outside(project: Project) -> str | None:
    """What is wrong with a data/raw that leads out of the study, and what helps; None where it does not.

    DVC stops at such data after they are fetched: "outside of git repository". The folder of a dataset may be
    a link, and DVC's cache may lie anywhere.
    """
    raw = project.raw("")
    link = next((path for path in (raw.parent, raw) if path.is_symlink()), None)
    if link is None or raw.resolve().is_relative_to(project.root.resolve()):
        return None
    place, target = link.relative_to(project.root).as_posix(), quote(str(raw.resolve()))
    return (
        f"{place} leads to {quote(str(link.resolve()))}, and DVC takes no data from outside of the "
        f"repository: link each dataset instead, `rm {place}; mkdir -p data/raw; ln -s {target}/NAME "
        "data/raw/NAME`; `dvc cache dir` moves DVC's copies"
    )


def run(project: Project, dataset: str, local: Path | None) -> None:
    """Put the verified files of a dataset into place and describe them.

    Raises:
        InputError: there is no such dataset.
        GridpressError: as `fetch` does.
    """
    load_params(project.params)
    known = declared(project.root)
    if dataset not in known:
        raise InputError(not_allowed("DATASET", dataset, known))
    if fault := link_outside(project):
        raise InputError(fault)
    wanted = known[dataset]
    fetch(dataset, wanted, project.raw(dataset), local=local or named_folder(project.root))
    save(describe(dataset, wanted, project.raw(dataset)), project.record("data", dataset))
