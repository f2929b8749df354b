"""The `gridpress` command: runs the code of the study that it is called in.

DVC copies a study to a folder of its own for `dvc exp run --temp` and `--queue`, and people clone it more than
once; the installed package would otherwise be imported from the first copy, whatever the code beside
params.yaml says.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Hand over to the command line of the study's own code."""
    source = _source_of(Path.cwd())
    if source is not None and source != Path(__file__).resolve().parents[1]:
        path = os.pathsep.join([str(source), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path}
        os.execve(sys.executable, [sys.executable, "-m", "gridpress", *sys.argv[1:]], environment)  # noqa: S606
    from gridpress.cli import main as command_line  # noqa: PLC0415  # only here is it the right one

    command_line()


def _source_of(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if (parent / "dvc.yaml").is_file() and (parent / "src" / "gridpress" / "cli.py").is_file():
            return (parent / "src").resolve()
    return None
