"""Small whole studies, and `gridpress check` called in them as a person calls it, without a new process."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from conftest import DECLARED
from gridpress.cli import main
from gridpress.config.params import parse_params
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.pipeline.dvc.hashes import folder_md5
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.data import ImagesRecord
from report import builder

IDENTITY = ["-c", "user.name=A Newcomer", "-c", "user.email=newcomer@example.org"]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    def line(self, about: str) -> str:
        """What the table says of one part of the setup."""
        [found] = [line for line in self.out.splitlines() if line.split()[0] == about]
        return found.split(maxsplit=1)[1]


def check_in(folder: Path) -> Said:
    """`gridpress check` in a folder."""
    out, err, before, arguments = io.StringIO(), io.StringIO(), Path.cwd(), sys.argv
    os.chdir(folder)
    sys.argv = ["gridpress", "check"]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main.main()
        code: Any = 0
    except SystemExit as stop:
        code = stop.code or 0
    finally:
        os.chdir(before)
        sys.argv = arguments
    return Said(code, out.getvalue(), err.getvalue())


def dump(content: Any) -> str:
    """As DVC writes params.yaml, one value a line."""
    text = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(content, text)
    return text.getvalue()


def few(content: dict[str, Any]) -> dict[str, Any]:
    """One dataset, two training runs, two SVMs."""
    return {**content, "datasets": ["mnist"]}


def write_study(root: Path, content: dict[str, Any]) -> Project:
    """A study without fault: all records, what DVC knows of them, and everything in git."""
    project = builder.write_study(root, content)
    builder.save(ImagesRecord(schema_version=ImagesRecord.current, datasets={}), project.images)
    (root / "pyproject.toml").write_text(
        '[project]\nrequires-python = ">=3.11"\ndependencies = ["pydantic", "ruamel.yaml"]\n'
    )
    (root / "constraints.txt").write_text(
        f"pydantic=={version('pydantic')}\nruamel.yaml=={version('ruamel.yaml')}\n"
    )
    (root / ".gitignore").write_text("/scratch/\n")
    (root / ".dvc").mkdir()
    (root / ".dvc" / "config").write_text("")
    (root / ".dvc" / ".gitignore").write_text("/tmp\n")  # noqa: S108
    (root / ".dvc" / "tmp").mkdir()
    (root / "dvc.lock").write_text(dump({"schema": "2.0", "stages": dict(locked(project, content))}))
    project.scratch.mkdir()
    (project.scratch / "dvc.lock.good").write_bytes((root / "dvc.lock").read_bytes())
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "state")
    return project


def locked(project: Project, content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The entries of dvc.lock for the runs of a study, and for what was chosen."""
    chosen = project.metrics / CHOSEN
    yield (
        "summarize",
        {
            "cmd": "gridpress summarize",
            "outs": [{"path": f"metrics/{CHOSEN}", "hash": "md5", "md5": folder_md5(chosen)}],
        },
    )
    for name, (stage, run) in runs_by_name(parse_params(content, DECLARED)).items():
        files = [stage.record_path(project, run.key), stage.timing_path(project, run.key)]
        outs = [
            {
                "path": path.relative_to(project.root).as_posix(),
                "hash": "md5",
                "md5": hashlib.md5(path.read_bytes()).hexdigest(),
                "size": path.stat().st_size,
            }
            for path in files
        ]
        yield (
            name,
            {
                "cmd": f'gridpress {stage.stage} "$DVC_STAGE"',
                "params": {"params.yaml": {"data.seed": 42}},
                "outs": outs,
            },
        )


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=root, check=True, capture_output=True)


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of everything below a folder."""
    found = {}
    for path in folder.rglob("*"):
        state = path.lstat()
        found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found
