"""The same document, rendered by Quarto."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.messages import one_line
from gridpress.progress import Advance
from gridpress.render.document import Document

TARGETS = {"html": "html", "pdf": "typst"}

LONGEST = 40  # characters of a version
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


LEAST = (1, 9)  # whose Typst gives formulas the alternative text that an accessible PDF needs
PATIENCE = 20  # seconds that `quarto --version` may take


@dataclass(frozen=True)
class Quarto:
    """The Quarto on the PATH.

    Attributes:
        version: as it says; None where there is none, or it does not start.
        problem: why it cannot be used; None where it can.
    """

    version: str | None
    problem: str | None


def found() -> Quarto:
    """Which Quarto there is."""
    if shutil.which("quarto") is None:
        return Quarto(None, "is not on the PATH")
    try:
        done = subprocess.run(
            ["quarto", "--version"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return Quarto(None, "does not start: `quarto --version` fails")
    version = one_line(done.stdout.strip(), LONGEST)
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None:
        return Quarto(version, f"does not say which version it is, but {version!r}")
    if tuple(map(int, numbers.groups())) < LEAST:
        return Quarto(version, f"is {version}, older than {'.'.join(map(str, LEAST))}")
    return Quarto(version, None)


def render(
    document: Document, formats: Sequence[str], environment: dict[str, str], advance: Advance
) -> list[Path]:
    """Render each format; see `gridpress.render.render`."""
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
        said = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        faults = [line for line in said if any(fault in line for fault in FAULTS)]
        if done.returncode != 0 or faults:
            path = document.path.with_suffix(f".{wanted}")
            path.unlink(missing_ok=True)
            raise GridpressError(
                f"{document.path.name}: Quarto could not make {path.name}:\n"
                + "\n".join(faults or _last_words(done.stdout))
            )
        written.append(document.path.with_suffix(f".{wanted}"))
        advance(1 / len(formats))
    return written


def _last_words(said: str) -> list[str]:
    """The end of what Quarto said, without the settings that it lists."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    return [line for line in lines if not SETTING.match(line)][-MOST_WORDS:] or lines[-MOST_WORDS:]
