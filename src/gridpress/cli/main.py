"""The command line: parse, call, print; what is wrong is one message, and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

from gridpress.cli import adding, computing, publishing, stages  # noqa: F401  # they add their commands
from gridpress.cli.app import app
from gridpress.errors import GridpressError
from gridpress.progress import console

OUTPUT = "standard output"
UNIX = {"fcntl", "pwd", "grp", "resource", "termios"}  # what Python lacks on Windows
WINDOWS = "Windows itself is not supported: use it in WSL, https://learn.microsoft.com/windows/wsl/install"


class _Output:
    """Standard output that says its name where it cannot be written, as files do that cannot be opened."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with self._named():
            return self._stream.write(text)

    def flush(self) -> None:
        with self._named():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), self._stream.fileno()
            )  # Python flushes once more as it ends
            raise OSError(error.errno, error.strerror, OUTPUT) from None


def main() -> None:
    """Run the command line; a fault that we foresaw is one message, without a traceback."""
    stdout = sys.stdout
    try:
        from gridpress.pipeline.stages import begin

        sys.stdout = cast(TextIO, _Output(stdout))
        begin.begin(Path.cwd())
        try:
            app(prog_name="gridpress")
        finally:
            sys.stdout.flush()
    except GridpressError as error:
        console.print(f"gridpress: {error}", markup=False)
        sys.exit(error.exit_code)
    except OSError as error:
        # Python names a file that it cannot open, not one that it writes; of those we know the names.
        where = f"{error.filename}: " if error.filename else "the operating system refuses: "
        console.print(f"gridpress: {where}{error.strerror or error}", markup=False)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "gridpress":
            raise
        if error.name in UNIX:
            console.print(f"gridpress: {WINDOWS}", markup=False)
            sys.exit(1)
        helps = "`pip install --constraint constraints.txt --editable .` installs what is missing"
        console.print(f"gridpress: the package {error.name} is not installed; {helps}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        sys.stdout = stdout
