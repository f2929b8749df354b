"""The `gridpress` command: runs the code of the study that it is called in, with its environment's packages.

DVC copies a study to a folder of its own for `dvc exp run --temp` and `--queue`, and people clone it more
than once; the installed package would otherwise be imported from the first copy, whatever the code beside
params.yaml says. And a cluster's `module load` puts its own packages on PYTHONPATH, before those of the
environment: they may be found, but not first.
"""

from __future__ import annotations

import atexit
import gc
import getpass
import os
import sys
import sysconfig
from pathlib import Path

# New objects before Python looks for garbage: at its own 700, importing torch takes a fifth longer.
LARGE_PROGRAM = 10_000


def main() -> None:
    """Hand over to the command line of the study's own code."""
    source = _source_of(Path.cwd())
    before = os.environ.get("PYTHONPATH", "")
    named = source is not None and str(source) in before.split(os.pathsep)
    other = source is not None and source != Path(__file__).resolve().parents[2]
    path = python_path(before, str(source) if named or other else None, _packages())
    if path != before:
        environment = {**os.environ, "PYTHONPATH": path}
        again = [sys.executable, "-P", "-m", "gridpress", *sys.argv[1:]]
        os.execve(sys.executable, again, environment)  # noqa: S606
    command_line()


def command_line() -> None:
    """Run the command line of this code, in a process that does nothing else."""
    gc.set_threshold(LARGE_PROGRAM)
    atexit.register(gc.freeze)  # before it ends, Python would look through everything once more
    _name_the_user()
    try:
        from gridpress.cli.main import main as run  # only here is it the right one

        run()
    except SyntaxError as error:
        sys.stderr.write(
            f"gridpress: {error.filename}, line {error.lineno}: this is no Python ({error.msg}). Does the "
            "file hold both sides of a merge? Edit it, or `git checkout` brings a whole one back.\n"
        )
        sys.exit(2)


def python_path(given: str, source: str | None, packages: str | None) -> str:
    """PYTHONPATH for this command and all that it starts.

    Args:
        given: as it was found.
        source: the study's code, if it is another than the installed one, or was given.
        packages: where the environment's packages lie; None where this Python is no environment's.

    Returns:
        The study's code, the environment's packages if anything else was given, and that.
    """
    ours = {source, packages}
    foreign = [entry for entry in given.split(os.pathsep) if entry and entry not in ours]
    first = [source] if source else []
    if foreign and packages:
        first.append(packages)
    return os.pathsep.join([*first, *foreign])


def _packages() -> str | None:
    return sysconfig.get_path("purelib") if sys.prefix != sys.base_prefix else None


def _name_the_user() -> None:
    """DVC and others ask who we are; a number without a name, as in containers, is no answer to them."""
    try:
        getpass.getuser()
    except (KeyError, OSError):
        os.environ["USER"] = f"user-{os.getuid()}"


def _source_of(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if (parent / "dvc.yaml").is_file() and (parent / "src" / "gridpress" / "__main__.py").is_file():
            return (parent / "src").resolve()
    return None
