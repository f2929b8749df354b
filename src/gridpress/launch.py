"""The `gridpress` command: runs the code of the study that it is called in.

DVC copies a study to a folder of its own for `dvc exp run --temp` and `--queue`, and people clone it more than
once; the installed package would otherwise be imported from the first copy, whatever the code beside
params.yaml says.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

# New objects before Python looks for garbage: at its own 700, importing torch takes a fifth longer.
LARGE_PROGRAM = 10_000


def main() -> None:
    """Hand over to the command line of the study's own code."""
    source = _source_of(Path.cwd())
    if source is not None and source != Path(__file__).resolve().parents[1]:
        path = os.pathsep.join([str(source), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path}
        os.execve(sys.executable, [sys.executable, "-m", "gridpress", *sys.argv[1:]], environment)  # noqa: S606
    command_line()


def command_line() -> None:
    """Run the command line of this code, in a process that does nothing else."""
    gc.set_threshold(LARGE_PROGRAM)
    atexit.register(gc.freeze)  # before it ends, Python would look through everything once more
    from gridpress.cli import main as run  # noqa: PLC0415  # only here is it the right one

    run()


def _source_of(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if (parent / "dvc.yaml").is_file() and (parent / "src" / "gridpress" / "cli.py").is_file():
            return (parent / "src").resolve()
    return None
