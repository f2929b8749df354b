"""The same document, rendered by Quarto."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.progress import Advance
from gridpress.render.cells import ANSI
from gridpress.render.document import QuartoDocument

TARGETS = {"html": "html", "pdf": "typst"}

MOST_WORDS = 15  # lines of what it said last
SETTING = re.compile(  # of the listing that it prints before it works
    r"(pandoc|metadata)\s*$|\s+[\w-]+:(\s|$)|\s+-\s"
)

# What Quarto only logs, exiting with 0; `error` in a filter too.
FAULTS = (
    "ERROR",
    "[WARNING]",
    "Unable to resolve crossref",
    "Could not fetch resource",
    "unknown font family",
)


def render(
    document: QuartoDocument, formats: Sequence[str], environment: dict[str, str], advance: Advance
) -> list[Path]:
    """Render each format with the Quarto on the PATH.

    Args:
        document: to render.
        formats: `html`, `pdf`.
        environment: of the process and of the kernel that it starts.
        advance: told 1 in all.

    Returns:
        The files, in the order of `formats`.

    Raises:
        GridpressError: Quarto failed or logged a fault; the file of that format is deleted.
    """
    date = document.settings.date
    midnight = dt.datetime.combine(date, dt.time(), dt.UTC)
    environment = {
        **environment,
        "QUARTO_PYTHON": sys.executable,
        "SOURCE_DATE_EPOCH": str(int(midnight.timestamp())),
    }
    written = []
    for wanted in formats:
        command = ["quarto", "render", document.path.name, "--to", TARGETS[wanted]]
        done = subprocess.run(
            command,
            cwd=document.path.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        said = [line.rstrip() for line in ANSI.sub("", done.stdout).splitlines() if line.strip()]
        faults = [line.strip() for line in said if any(fault in line for fault in FAULTS)]
        if done.returncode != 0 or faults:
            path = document.path.with_suffix(f".{wanted}")
            path.unlink(missing_ok=True)
            raise GridpressError(
                f"{document.path.name}: Quarto could not make {path.name}:\n"
                + "\n".join(faults or _last_words(said))
            )
        written.append(document.path.with_suffix(f".{wanted}"))
        advance(1 / len(formats))
    return written


def _last_words(said: list[str]) -> list[str]:
    """The end of what Quarto said, without the settings that it lists."""
    return [line for line in said if not SETTING.match(line)][-MOST_WORDS:] or said[-MOST_WORDS:]
